package sqlurlr_test

import (
	"context"
	"database/sql"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/sqlurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// http.TimeoutHandler responds with 503 while the handler is still running, which ends the attempt.
// URLR retries the delivery, so what the handler does after that must not count as well.
func TestHandlerOutlivesItsAttempt(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		db := d.open(t)
		store := sqlurlr.New(db, d.dialect)
		isOver, result := make(chan struct{}), make(chan error, 1)
		handler := store.Handler(func(ctx context.Context, tx *sql.Tx, e *core.Event) error {
			<-isOver
			return record(context.WithoutCancel(ctx), tx, e)
		})
		serve := func(h core.HandlerFunc, timeout time.Duration) (status int, guard *dedupe.Guard) {
			guard = dedupe.New(store)
			limited := http.TimeoutHandler(nethttpurlr.Handler(h), timeout, "")
			w := httptest.NewRecorder()
			nethttpurlr.Verify(secret)(nethttpurlr.Deduplicate(guard)(limited)).
				ServeHTTP(w, urlrtest.NewRequest("/", secret, event))
			return w.Code, guard
		}
		status, guard := serve(func(ctx context.Context, e *core.Event) error {
			result <- handler(ctx, e)
			return nil
		}, 50*time.Millisecond)
		assert.Equal(t, http.StatusServiceUnavailable, status)
		require.NoError(t, guard.Shutdown(t.Context())) // the attempt has ended
		close(isOver)
		require.ErrorIs(t, <-result, core.ErrUnavailable)
		assert.Zero(t, rows(t, db, "clicks"))

		status, _ = serve(handler, time.Minute)
		assert.Equal(t, http.StatusNoContent, status)
		assert.Equal(t, 1, rows(t, db, "clicks"))
	})
}
