package sqlurlr_test

import (
	"context"
	"database/sql"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/urlr-community/webhooks-go/internal/pgtest"
	"github.com/urlr-community/webhooks-go/sqlurlr"
)

func testScratch(t *testing.T) {
	for _, d := range []string{"pg", "sqlite"} {
		var db *sql.DB
		workers := 16
		now := "((extract(epoch FROM statement_timestamp()) * 1000000)::bigint + $1::bigint)"
		async := "FROM set_config('synchronous_commit', 'off', true)"
		if d == "pg" {
			db = openPostgres(t, pgtest.Start(t))
			db.SetMaxOpenConns(16)
			db.SetMaxIdleConns(16)
			require.NoError(t, sqlurlr.New(db, sqlurlr.Postgres).Create(t.Context()))
			sqlurlr.New(db, sqlurlr.Postgres, sqlurlr.WithTable("noindex")).Create(t.Context())
		} else {
			db = openSQLite(t, filepath.Join(t.TempDir(), "x.db"))
			db.SetMaxOpenConns(1)
			now = "$1"
			async = ""
			require.NoError(t, sqlurlr.New(db, sqlurlr.SQLite).Create(t.Context()))
			sqlurlr.New(db, sqlurlr.SQLite, sqlurlr.WithTable("noindex")).Create(t.Context())
		}
		db.Exec("drop index noindex_expires")
		db.Exec(`CREATE TABLE clicks (code text, country text, city text, at bigint)`)
		must := func(_ sql.Result, err error) {
			if err != nil {
				t.Error(err)
			}
		}
		ctx := context.Background()
		ins := func(e interface {
			ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
		}) {
			must(e.ExecContext(ctx, insertClick, "abc", "FR", "Paris", time.Now().Unix()))
		}
		beginAlone := func(table, async string) string {
			return `INSERT INTO ` + table + ` (fingerprint, attempt, lease_ends, retention, flags, credit_added, credit_ends, closed_until, expires)
SELECT CAST($2 AS text), CAST($3 AS text), ` + now + ` + CAST($4 AS bigint), CAST($5 AS bigint), 0, 0, 0, 0,
	` + now + ` + CAST($4 AS bigint) + CAST($5 AS bigint)
` + async + `
WHERE NOT EXISTS (SELECT 1 FROM ` + table + ` WHERE fingerprint = CAST($2 AS text))`
		}
		clock := func() int64 {
			if d == "pg" {
				return 0
			}
			return time.Now().UnixMicro()
		}
		measure := func(name string, f func(id string)) {
			var wg sync.WaitGroup
			start := time.Now()
			n := 0
			var mu sync.Mutex
			for w := range workers {
				wg.Go(func() {
					i := 0
					for ; time.Since(start) < time.Second; i++ {
						f(fmt.Sprintf("%s-%d-%d-0123456789abcdef0123", name, w, i))
					}
					mu.Lock()
					n += i
					mu.Unlock()
				})
			}
			wg.Wait()
			t.Logf("%s %-30s %8.0f /s  %v", d, name, float64(n)/time.Since(start).Seconds(), time.Since(start)/time.Duration(n))
		}
		for range 2 {
			measure("select 1", func(string) { var x int; db.QueryRow("select 1").Scan(&x) })
			measure("insert alone", func(string) { ins(db) })
			measure("insert in tx", func(string) { tx, _ := db.BeginTx(ctx, nil); ins(tx); tx.Commit() })
			measure("empty tx", func(string) { tx, _ := db.BeginTx(ctx, nil); tx.Commit() })
			measure("read", func(id string) {
				var x int
				db.QueryRowContext(ctx, "select 1 from urlr_dedupe where fingerprint = $1", id).Scan(&x)
			})
			measure("begin async", func(id string) {
				must(db.ExecContext(ctx, beginAlone("urlr_dedupe", async), clock(), id, id, 60000000, 100000000))
			})
			measure("begin async noindex", func(id string) {
				must(db.ExecContext(ctx, beginAlone("noindex", async), clock(), id, id, 60000000, 100000000))
			})
			measure("begin sync", func(id string) {
				must(db.ExecContext(ctx, beginAlone("urlr_dedupe", ""), clock(), id+"s", id, 60000000, 100000000))
			})
			db.Exec("delete from urlr_dedupe")
			db.Exec("delete from noindex")
			measure("protocol A", func(id string) {
				must(db.ExecContext(ctx, beginAlone("urlr_dedupe", async), clock(), id, id, 60000000, 100000000))
				tx, _ := db.BeginTx(ctx, nil)
				ins(tx)
				must(tx.ExecContext(ctx, "update urlr_dedupe set flags = flags | 8 where fingerprint=$1 and attempt=$2", id, id))
				tx.Commit()
				must(db.ExecContext(ctx, "delete from urlr_dedupe where fingerprint=$1 and attempt=$2", id, id))
			})
			measure("protocol A without end", func(id string) {
				must(db.ExecContext(ctx, beginAlone("urlr_dedupe", async), clock(), id, id, 60000000, 100000000))
				tx, _ := db.BeginTx(ctx, nil)
				ins(tx)
				must(tx.ExecContext(ctx, "update urlr_dedupe set flags = flags | 8 where fingerprint=$1 and attempt=$2", id, id))
				tx.Commit()
			})
			db.Exec("delete from urlr_dedupe")
			measure("protocol B without end", func(id string) {
				var x int
				db.QueryRowContext(ctx, "select 1 from urlr_dedupe where fingerprint = $1", id).Scan(&x)
				tx, _ := db.BeginTx(ctx, nil)
				ins(tx)
				must(tx.ExecContext(ctx, "insert into urlr_dedupe values ($1,$2,1,2,3,4,5,6,7) on conflict(fingerprint,attempt) do update set flags=1", id, id))
				tx.Commit()
			})
			db.Exec("delete from urlr_dedupe")
			db.Exec("delete from noindex")
		}
	}
}
