package sqlurlr

import (
	_ "embed"
	"strings"
)

// A Dialect is the SQL dialect of a database.
type Dialect uint8

// The dialects.
const (
	Postgres Dialect = iota + 1 // 12 or later
	SQLite                      // 3.35 or later
)

// String returns "Postgres" or "SQLite".
func (d Dialect) String() string {
	switch d {
	case Postgres:
		return "Postgres"
	case SQLite:
		return "SQLite"
	default:
		return "invalid"
	}
}

//go:embed migrations/0001_postgres.sql
var postgresTable string

//go:embed migrations/0001_sqlite.sql
var sqliteTable string

// words replaces what the dialects write differently. The first argument of each statement is the
// time in SQLite, whose clock is this machine's, and 0 in Postgres, which has its own.
func (d Dialect) words(table string) *strings.Replacer {
	if d == SQLite {
		return strings.NewReplacer("$", "?", "{table}", table, "{now}", "?1", "{max}", "max",
			"{asynchronously}", "", "{asynchronously too}", "", "{beside begins}", "", "{skip locked}", "")
	}
	return strings.NewReplacer("{table}", table,
		"{now}", "((extract(epoch FROM statement_timestamp()) * 1000000)::bigint + $1::bigint)",
		"{max}", "greatest",
		"{asynchronously}", "CROSS JOIN set_config('synchronous_commit', 'off', true)",
		"{asynchronously too}", "USING set_config('synchronous_commit', 'off', true)",
		"{beside begins}", "FROM pg_advisory_xact_lock_shared("+lockKey(table, "$2")+")",
		"{skip locked}", "FOR UPDATE SKIP LOCKED",
	)
}

// lock returns the statement that locks a fingerprint until the end of the transaction. In Postgres
// that statement also returns the time. SQLite has one lock for all writers, and any write takes
// it.
func (d Dialect) lock(table string) string {
	if d == SQLite {
		return "UPDATE " + table + " SET flags = flags WHERE fingerprint = '' AND attempt = ''"
	}
	return "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint FROM pg_advisory_xact_lock(" +
		lockKey(table, "$1") + ")"
}

// lockKey returns the SQL for the number of a fingerprint's lock in Postgres.
func lockKey(table, fingerprint string) string {
	return "hashtextextended('" + table + " ' || " + fingerprint + "::text, 0)"
}
