package sqlurlr

import (
	"database/sql"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// DefaultTable is the name of the table, unless [WithTable] says otherwise.
const DefaultTable = "urlr_dedupe"

// stepTime is how long a step may take.
const stepTime = 5 * time.Second

// A Store is a [dedupe.Store] in a SQL database. It is safe for concurrent use.
type Store struct {
	db            *sql.DB
	dialect       Dialect
	table         string // as the user wrote it
	statements    statements
	attempts      attempts
	sweeper       sweeper
	begins        *batches[*beginning]
	ends          *batches[key]
	confirmations confirmations
	prepared      prepared
}

var _ dedupe.Committer = (*Store)(nil)

// An Option changes a [Store].
type Option func(*Store)

// WithTable keeps everything in the table of that name: letters, digits and underscores, 63 at most, not
// beginning with a digit, and optionally the name of a schema and a dot before. Default:
// [DefaultTable]. Endpoints that share a database but not their clicks need different tables. Any other
// name is impossible.
func WithTable(name string) Option {
	if !isTable.MatchString(name) {
		panic(fmt.Sprintf("urlr: sqlurlr.WithTable(%q): use letters, digits and underscores, 63 at most, "+
			"not beginning with a digit, such as %q or \"webhooks.%s\"", name, DefaultTable, DefaultTable))
	}
	return func(s *Store) { s.table = name }
}

var isTable = regexp.MustCompile(`^([A-Za-z_][A-Za-z0-9_]{0,62}\.)?[A-Za-z_][A-Za-z0-9_]{0,62}$`)

// New returns a store over db, in a table that [Store.Create] creates. It panics if db is nil, the
// dialect is unknown, or an option is nil or impossible.
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
	s.begins, s.ends = newBatches(db, s.beginAll), newBatches(db, s.endAll)
	return s
}

// quote makes a name mean the same whatever the database does with case and reserved words.
func quote(name string) string {
	return `"` + strings.ReplaceAll(name, ".", `"."`) + `"`
}
