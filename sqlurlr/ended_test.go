package sqlurlr_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/sqlurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// Middleware such as http.TimeoutHandler responds with 503 while the handler is running, which ends
// the attempt. URLR retries the delivery, so what the handler does after that must not count as
// well.
func TestHandlerOutlivesItsAttempt(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		db := d.open(t)
		store := sqlurlr.New(db, d.dialect)
		isRunning, isOver, result := make(chan struct{}), make(chan struct{}), make(chan error, 1)
		handler := store.Handler(func(ctx context.Context, tx *sql.Tx, e *core.Event) error {
			close(isRunning)
			<-isOver
			return record(ctx, tx, e)
		})
		impatient := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			go func() { result <- handler.Serve(r.Context()) }()
			<-isRunning
			w.WriteHeader(http.StatusServiceUnavailable)
		})
		guard := dedupe.New(store)
		endpoint := nethttpurlr.Verify(secret)(nethttpurlr.Deduplicate(guard)(impatient))
		endpoint.ServeHTTP(httptest.NewRecorder(), urlrtest.NewRequest("/", secret, event))
		require.NoError(t, guard.Shutdown(t.Context()), "the attempt has ended")
		close(isOver)
		require.ErrorIs(t, <-result, core.ErrUnavailable)
		assert.Zero(t, rows(t, db, "clicks"))

		s := newScene(t, db, d, record, nil)
		s.retry()
		s.wantClicks(1)
	})
}
