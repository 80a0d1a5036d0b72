package sqlurlr_test

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/urlr-community/webhooks-go/internal/pgtest"
	"github.com/urlr-community/webhooks-go/sqlurlr"
)

// A database belongs to one test. It holds the tables of a store and of the clicks.
type database struct {
	driver, source string
	dialect        sqlurlr.Dialect
	server         *pgtest.Server // nil for SQLite
}

// eachDatabase runs a test with a new database of each dialect.
func eachDatabase(t *testing.T, test func(t *testing.T, d database)) {
	t.Helper()
	t.Run("Postgres", func(t *testing.T) {
		t.Parallel()
		test(t, newPostgres(t))
	})
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		test(t, newSQLite(t))
	})
}

func newPostgres(tb testing.TB) database {
	tb.Helper()
	return newDatabase(tb, pgtest.Shared(tb))
}

// newDatabase returns a new database on a server.
func newDatabase(tb testing.TB, server *pgtest.Server) database {
	tb.Helper()
	name := fmt.Sprint("test", databases.Add(1))
	_, err := database{"pgx", server.URL("postgres"), sqlurlr.Postgres, server}.open(tb).
		ExecContext(tb.Context(), "CREATE DATABASE "+name)
	require.NoError(tb, err)
	return database{"pgx", server.URL(name), sqlurlr.Postgres, server}.prepare(tb)
}

var databases atomic.Int64

func newSQLite(tb testing.TB) database {
	tb.Helper()
	source := "file:" + filepath.Join(tb.TempDir(), "clicks.db") +
		"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)"
	return database{"sqlite", source, sqlurlr.SQLite, nil}.prepare(tb)
}

func (d database) prepare(tb testing.TB) database {
	tb.Helper()
	db := d.open(tb)
	require.NoError(tb, sqlurlr.New(db, d.dialect).Create(tb.Context()))
	_, err := db.ExecContext(tb.Context(), `CREATE TABLE clicks (code text, country text, city text, at bigint)`)
	require.NoError(tb, err)
	return d
}

// open opens the database as users do.
func (d database) open(tb testing.TB) *sql.DB {
	tb.Helper()
	db, err := d.connect()
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

func (d database) connect() (*sql.DB, error) {
	db, err := sql.Open(d.driver, d.source)
	if err != nil {
		return nil, err
	}
	if d.dialect == sqlurlr.SQLite {
		db.SetMaxOpenConns(1)
	} else {
		db.SetMaxOpenConns(16)
		db.SetMaxIdleConns(16)
	}
	return db, nil
}
