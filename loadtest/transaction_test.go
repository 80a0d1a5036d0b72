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
			l := newLedger(t, serve)
			l.deliverUntilAcknowledged()
			l.deliverUntilAcknowledged()
			l.wantClicks(2, "twins")

			l.failBefore.Store(true)
			l.wantServerError()
			l.wantClicks(2, "rolled back")
			l.deliverUntilAcknowledged()
			l.wantClicks(3, "the retry")

			l.failAfter.Store(true)
			l.wantServerError()
			l.wantClicks(4, "committed")
			l.deliverUntilAcknowledged()
			l.wantClicks(4, "the retry is skipped")

			l.loseResponse()
			l.deliverUntilAcknowledged()
			l.wantClicks(5, "the retry of a lost response is skipped")
			l.deliverUntilAcknowledged()
			l.wantClicks(6, "the next twin is not")
		})
	}
}

// A ledger is an endpoint that records clicks in a transaction.
type ledger struct {
	t      *testing.T
	db     *sql.DB
	insert core.HandlerFunc
	url    string
	client http.Client

	failBefore, failAfter atomic.Bool // the commit, once
	isSlow                atomic.Bool // once
	entered               chan bool
}

func newLedger(t *testing.T, serve serve) *ledger {
	t.Helper()
	l := &ledger{
		t: t, db: openSQLite(t), client: http.Client{Transport: &http.Transport{}}, entered: make(chan bool),
	}
	store := sqlurlr.New(l.db, sqlurlr.SQLite)
	require.NoError(t, store.Create(t.Context()))
	l.insert = store.Handler(l.record)
	l.url = listenAndServe(t, serve, dedupe.New(store), l.handle)
	return l
}

func (l *ledger) record(ctx context.Context, tx *sql.Tx, e *core.Event) error {
	if l.isSlow.CompareAndSwap(true, false) {
		l.entered <- true
		time.Sleep(100 * time.Millisecond)
	}
	_, err := tx.ExecContext(context.WithoutCancel(ctx), "INSERT INTO clicks (code) VALUES ($1)", e.Link.Code)
	if l.failBefore.CompareAndSwap(true, false) {
		return errors.New("no")
	}
	return err
}

func (l *ledger) handle(ctx context.Context, e *core.Event) error {
	err := l.insert(ctx, e)
	if err == nil && l.failAfter.CompareAndSwap(true, false) {
		return errors.New("the response can't be rendered")
	}
	return err
}

// deliver always delivers the same click.
func (l *ledger) deliver(ctx context.Context) (status int, err error) {
	response, err := l.client.Do(urlrtest.NewRequest(l.url, secret, click).WithContext(ctx))
	if err != nil {
		return 0, err
	}
	return response.StatusCode, response.Body.Close()
}

var click = urlrtest.NewEvent()

func (l *ledger) deliverUntilAcknowledged() {
	l.t.Helper()
	require.Eventually(l.t, func() bool {
		status, err := l.deliver(l.t.Context())
		return assert.NoError(l.t, err) && status/100 == 2
	}, 20*time.Second, 10*time.Millisecond)
}

func (l *ledger) wantServerError() {
	l.t.Helper()
	status, err := l.deliver(l.t.Context())
	require.NoError(l.t, err)
	assert.Equal(l.t, http.StatusInternalServerError, status)
}

// loseResponse disconnects while the handler is running.
func (l *ledger) loseResponse() {
	l.t.Helper()
	l.isSlow.Store(true)
	ctx, disconnect := context.WithCancel(l.t.Context())
	go func() {
		<-l.entered
		disconnect()
	}()
	_, err := l.deliver(ctx)
	require.ErrorIs(l.t, err, context.Canceled)
	time.Sleep(200 * time.Millisecond) // Fiber notices only when the handler returns
}

func (l *ledger) wantClicks(want int, msg string) {
	l.t.Helper()
	var n int
	require.NoError(l.t, l.db.QueryRowContext(l.t.Context(), "SELECT count(*) FROM clicks").Scan(&n))
	assert.Equal(l.t, want, n, msg)
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
		t.Log(<-done)        // that its listener is closed
	})
	return "http://" + listener.Addr().String() + path
}
