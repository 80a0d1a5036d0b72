package sqlurlr_test

import (
	"database/sql"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/sqlurlr"
)

func TestInvalidSetup(t *testing.T) {
	db := newSQLite(t).open(t)
	for name, setUp := range map[string]func(){
		"nil db":             func() { sqlurlr.New(nil, sqlurlr.Postgres) },
		"no dialect":         func() { sqlurlr.New(db, 0) },
		"unknown dialect":    func() { sqlurlr.New(db, 9) },
		"nil option":         func() { sqlurlr.New(db, sqlurlr.SQLite, nil) },
		"no table":           func() { sqlurlr.WithTable("") },
		"digit":              func() { sqlurlr.WithTable("1st") },
		"space":              func() { sqlurlr.WithTable("two words") },
		"quote":              func() { sqlurlr.WithTable(`x"; DROP TABLE clicks; --`) },
		"line feed":          func() { sqlurlr.WithTable("x\n") },
		"two dots":           func() { sqlurlr.WithTable("a.b.c") },
		"no name after dot":  func() { sqlurlr.WithTable("a.") },
		"not ASCII":          func() { sqlurlr.WithTable("clés") },
		"longer than 63":     func() { sqlurlr.WithTable(strings.Repeat("x", 64)) },
		"nil handler":        func() { sqlurlr.New(db, sqlurlr.SQLite).Handler(nil) },
		"placeholder":        func() { sqlurlr.WithTable("x$1") },
		"dialect in another": func() { sqlurlr.New(db, sqlurlr.SQLite+1) },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				message, _ := recover().(string)
				assert.Contains(t, message, "urlr: ")
				assert.Contains(t, message, "sqlurlr")
			}()
			setUp()
		})
	}
}

// Any valid name works, and endpoints with different tables share nothing.
func TestTable(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		db := d.open(t)
		_, err := db.ExecContext(t.Context(), map[sqlurlr.Dialect]string{
			sqlurlr.Postgres: `CREATE SCHEMA "Web"`,
			sqlurlr.SQLite:   `ATTACH ':memory:' AS "Web"`,
		}[d.dialect])
		require.NoError(t, err)
		for _, name := range []string{"order", "Another_One", "Web.urlr_dedupe", "_", strings.Repeat("x", 63)} {
			s := sqlurlr.New(db, d.dialect, sqlurlr.WithTable(name))
			require.NoError(t, s.Create(t.Context()), name)
			require.NoError(t, s.End(t.Context(), "f", dedupe.AttemptID{1}, time.Hour), name)
			decision, err := s.Begin(t.Context(), "f", dedupe.AttemptID{2}, lease)
			require.NoError(t, err, name)
			assert.Equal(t, dedupe.Skip, decision, name)
		}
		assert.Zero(t, rows(t, db, "urlr_dedupe"))
	})
}

var lease = dedupe.Lease{Duration: time.Minute, Retention: time.Hour}

// Processes that start together may all create the table. An existing table keeps its rows.
func TestCreateConcurrently(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		for _, table := range []string{"one", "two", "three"} {
			var wg sync.WaitGroup
			for range 8 {
				db := d.open(t)
				wg.Go(func() {
					s := sqlurlr.New(db, d.dialect, sqlurlr.WithTable(table))
					assert.NoError(t, s.Create(t.Context()))
					_, err := s.Begin(t.Context(), table, dedupe.AttemptID{1}, lease)
					assert.NoError(t, err)
				})
			}
			wg.Wait()
			s := sqlurlr.New(d.open(t), d.dialect, sqlurlr.WithTable(table))
			require.NoError(t, s.End(t.Context(), "f", dedupe.AttemptID{2}, time.Hour))
			require.NoError(t, s.Create(t.Context()))
			assert.NotZero(t, rows(t, d.open(t), table))
		}
	})
}

// The migrations can be run as they are.
func TestMigrations(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		db := d.open(t)
		created := columns(t, db, d)
		_, err := db.ExecContext(t.Context(), "DROP TABLE urlr_dedupe")
		require.NoError(t, err)
		file := map[sqlurlr.Dialect]string{sqlurlr.Postgres: "postgres", sqlurlr.SQLite: "sqlite"}[d.dialect]
		migration, err := os.ReadFile("migrations/0001_" + file + ".sql")
		require.NoError(t, err)
		_, err = db.ExecContext(t.Context(), string(migration))
		require.NoError(t, err)
		assert.Equal(t, created, columns(t, db, d))
		assert.Len(t, created, 9)
	})
}

// columns describes the table's columns and keys.
func columns(t *testing.T, db *sql.DB, d database) (all []string) {
	t.Helper()
	query := `SELECT name || ' ' || type || ' ' || "notnull" || ' ' || pk FROM pragma_table_info('urlr_dedupe')`
	if d.dialect == sqlurlr.Postgres {
		query = `SELECT concat_ws(' ', c.column_name, data_type, is_nullable, collation_name, k.ordinal_position)
			FROM information_schema.columns c LEFT JOIN information_schema.key_column_usage k USING (table_name, column_name)
			WHERE table_name = 'urlr_dedupe' ORDER BY c.ordinal_position`
	}
	found, err := db.QueryContext(t.Context(), query)
	require.NoError(t, err)
	defer found.Close() //nolint:errcheck // Err has it
	for found.Next() {
		var column string
		require.NoError(t, found.Scan(&column))
		all = append(all, column)
	}
	require.NoError(t, found.Err())
	return all
}

// Without its table, a store names what is missing.
func TestNotCreated(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		s := sqlurlr.New(d.open(t), d.dialect, sqlurlr.WithTable("missing"))
		_, err := s.Begin(t.Context(), "f", dedupe.AttemptID{1}, lease)
		assert.ErrorContains(t, err, "missing")
	})
}
