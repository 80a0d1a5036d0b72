package sqlurlr_test

import (
	"database/sql"
	"path/filepath"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/dedupe/storetest"
	"github.com/urlr-community/webhooks-go/internal/pgtest"
	"github.com/urlr-community/webhooks-go/sqlurlr"
)

func openPostgres(tb testing.TB, s *pgtest.Server) *sql.DB {
	tb.Helper()
	return open(tb, "pgx", s.URL())
}

func openSQLite(tb testing.TB, file string) *sql.DB {
	tb.Helper()
	return open(tb, "sqlite", "file:"+file+"?_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(NORMAL)")
}

func open(tb testing.TB, driver, source string) *sql.DB {
	tb.Helper()
	db, err := sql.Open(driver, source)
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = db.Close() })
	return db
}

func TestStorePostgres(t *testing.T) {
	server := pgtest.Start(t)
	db := openPostgres(t, server)
	db.SetMaxOpenConns(20)
	s := sqlurlr.New(db, sqlurlr.Postgres)
	require.NoError(t, s.Create(t.Context()))
	storetest.Run(t, func(*testing.T) dedupe.Store { return s })
}

func TestStoreSQLite(t *testing.T) {
	s := sqlurlr.New(openSQLite(t, filepath.Join(t.TempDir(), "test.db")), sqlurlr.SQLite)
	require.NoError(t, s.Create(t.Context()))
	storetest.Run(t, func(*testing.T) dedupe.Store { return s })
}
