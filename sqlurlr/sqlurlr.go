package sqlurlr

import (
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/batch"
)

// DefaultTable is the name of the table without [WithTable].
const DefaultTable = "urlr_dedupe"

// callTimeout limits each store call.
const callTimeout = 5 * time.Second

// A Store is a [dedupe.Store] in a SQL database. It is safe for concurrent use.
type Store struct {
	db            *sql.DB
	dialect       Dialect
	table         string // as the user wrote it
	statements    statements
	attempts      attempts
	sweeper       sweeper
	begins        *batch.Queue[*beginning]
	ends          *batch.Queue[key]
	confirmations confirmations
	prepared      prepared
}

var _ dedupe.Committer = (*Store)(nil)

// An Option configures a [Store].
type Option func(*Store)

// WithTable stores everything in the table of that name: at most 63 letters, digits and
// underscores, not starting with a digit, optionally after a schema name and a dot. The default is
// [DefaultTable]. Endpoints that share a database but not their clicks need different tables. It
// panics if the name is invalid.
func WithTable(name string) Option {
	if !isTable.MatchString(name) {
		panic(fmt.Sprintf("urlr: sqlurlr.WithTable(%q): use letters, digits and underscores, 63 at most, "+
			"not beginning with a digit, such as %q or \"webhooks.%s\"", name, DefaultTable, DefaultTable))
	}
	return func(s *Store) { s.table = name }
}

var isTable = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]{0,62}\.)?[A-Za-z_][A-Za-z0-9_]{0,62}$`)

// New returns a store over db, in a table that [Store.Create] creates. It panics if db is nil, the
// dialect is unknown, or an option is nil.
func New(db *sql.DB, d Dialect, opts ...Option) *Store {
	if db == nil {
		panic("urlr: sqlurlr.New needs a database, got nil: open one with sql.Open")
	}
	if d != Postgres && d != SQLite {
		panic(fmt.Sprintf("urlr: sqlurlr.New got the unknown dialect %d: use sqlurlr.Postgres or sqlurlr.SQLite", d))
	}
	s := &Store{db: db, dialect: d, table: DefaultTable, attempts: newAttempts()}
	for _, opt := range opts {
		if opt == nil {
			panic("urlr: sqlurlr.New got a nil Option: leave it out")
		}
		opt(s)
	}
	s.statements = newStatements(d, quote(s.table))
	s.begins, s.ends = newQueue(db, s.beginAll), newQueue(db, s.endAll)
	return s
}

// quote quotes a name, so that the database neither folds its case nor takes it for a keyword.
func quote(name string) string {
	return `"` + strings.ReplaceAll(name, ".", `"."`) + `"`
}
