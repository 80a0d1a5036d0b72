package loadtest

import (
	"context"
	"database/sql"
	"errors"
	"net"
	"net/http"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite" // the driver

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/sqlurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// What a handler commits counts once in each framework, whatever its response and whether that
// arrives.
func TestTransaction(t *testing.T) {
	for framework, serve := range frameworks {
		t.Run(framework, func(t *testing.T) {
			t.Parallel()
			db := openSQLite(t)
			store := sqlurlr.New(db, sqlurlr.SQLite)
			require.NoError(t, store.Create(t.Context()))
			var failBefore, failAfter, isSlow atomic.Bool
			entered := make(chan bool)
			insert := store.Handler(func(ctx context.Context, tx *sql.Tx, e *core.Event) error {
				if isSlow.CompareAndSwap(true, false) {
					entered <- true
					time.Sleep(100 * time.Millisecond)
				}
				_, err := tx.ExecContext(context.WithoutCancel(ctx), "INSERT INTO clicks (code) VALUES ($1)", e.Link.Code)
				if failBefore.CompareAndSwap(true, false) {
					return errors.New("no")
				}
				return err
			})
			url := listenAndServe(t, serve, dedupe.New(store), func(ctx context.Context, e *core.Event) error {
				err := insert(ctx, e)
				if err == nil && failAfter.CompareAndSwap(true, false) {
					return errors.New("the response can't be rendered")
				}
				return err
			})
			client := &http.Client{Transport: &http.Transport{}}
			click := urlrtest.NewEvent()
			deliver := func(ctx context.Context) (status int, err error) {
				response, err := client.Do(urlrtest.NewRequest(url, secret, click).WithContext(ctx))
				if err != nil {
					return 0, err
				}
				return response.StatusCode, response.Body.Close()
			}
			deliverUntilAcknowledged := func() {
				require.Eventually(t, func() bool {
					status, err := deliver(t.Context())
					return assert.NoError(t, err) && status/100 == 2
				}, 20*time.Second, 10*time.Millisecond)
			}
			wantClicks := func(want int, msg string) {
				var n int
				require.NoError(t, db.QueryRowContext(t.Context(), "SELECT count(*) FROM clicks").Scan(&n))
				assert.Equal(t, want, n, msg)
			}

			deliverUntilAcknowledged()
			deliverUntilAcknowledged()
			wantClicks(2, "twins")

			failBefore.Store(true)
			status, err := deliver(t.Context())
			require.NoError(t, err)
			assert.Equal(t, http.StatusInternalServerError, status)
			wantClicks(2, "rolled back")
			deliverUntilAcknowledged()
			wantClicks(3, "the retry")

			failAfter.Store(true)
			status, err = deliver(t.Context())
			require.NoError(t, err)
			assert.Equal(t, http.StatusInternalServerError, status)
			wantClicks(4, "committed")
			deliverUntilAcknowledged()
			wantClicks(4, "the retry is skipped")

			isSlow.Store(true)
			ctx, disconnect := context.WithCancel(t.Context())
			go func() {
				<-entered
				disconnect()
			}()
			_, err = deliver(ctx)
			require.ErrorIs(t, err, context.Canceled)
			time.Sleep(200 * time.Millisecond) // Fiber notices only when the handler returns
			deliverUntilAcknowledged()
			wantClicks(5, "the retry of a lost response is skipped")
			deliverUntilAcknowledged()
			wantClicks(6, "the next twin is not")
		})
	}
}

func openSQLite(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "db")+
		"?_pragma=journal_mode(WAL)&_pragma=busy_timeout(10000)&_txlock=immediate")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	_, err = db.ExecContext(t.Context(), "CREATE TABLE clicks (code TEXT)")
	require.NoError(t, err)
	return db
}

// listenAndServe serves a handler until the test ends, and returns its URL.
func listenAndServe(t *testing.T, serve serve, guard *dedupe.Guard, h core.HandlerFunc) (url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- serve(listener, guard, h) }()
	t.Cleanup(func() {
		assert.NoError(t, guard.Shutdown(context.WithoutCancel(t.Context())))
		_ = listener.Close() // a server may have closed it
		_ = <-done           // it returns that its listener is closed
	})
	return "http://" + listener.Addr().String() + path
}
