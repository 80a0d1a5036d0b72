package conformance

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// A ServeWriter is like a [Serve] of Verify, Deduplicate and a handler that writes and flushes its
// answer itself, as net/http has it.
type ServeWriter func(t *testing.T, secret string, guard *dedupe.Guard, h http.HandlerFunc) (url string)

// testEarlyAnswers answers before the work is done. Its client hangs up as soon as it has read what
// there is.
func testEarlyAnswers(t *testing.T, f Framework) {
	long := strings.Repeat("x", 10_000)
	flush := func(w http.ResponseWriter) { assert.NoError(t, http.NewResponseController(w).Flush()) }
	for name, test := range map[string]struct {
		answer func(w http.ResponseWriter)
		body   string
		lost   bool
	}{
		"the beginning": {func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusOK)
			_, err := io.WriteString(w, "working")
			assert.NoError(t, err)
			flush(w)
		}, "working", true},
		"without a body": {func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusNoContent)
			flush(w)
		}, "", false},
		"empty": {func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "0")
			flush(w)
		}, "", false},
		"of a known length": {func(w http.ResponseWriter) {
			w.Header().Set("Content-Length", "10000")
			w.WriteHeader(http.StatusOK)
			_, err := io.WriteString(w, long)
			assert.NoError(t, err)
		}, long, false},
	} {
		t.Run(name, func(t *testing.T) {
			store, answered, gone := newWatchedStore(), make(chan context.Context, 1), make(chan bool)
			guard := dedupe.New(store)
			url := f.ServeWriter(t, secret, guard, func(w http.ResponseWriter, r *http.Request) {
				test.answer(w)
				answered <- r.Context()
				<-gone
			})
			readAndHangUp(t, url, test.body)
			<-(<-answered).Done()
			close(gone)
			assert.Equal(t, test.lost, store.nextEnd(t), "a credit is kept")
		})
	}
}

// readAndHangUp sends a delivery, reads so much of the answer's body, and hangs up.
func readAndHangUp(t *testing.T, url, body string) {
	t.Helper()
	hasty := &http.Client{Transport: &http.Transport{}}
	ctx, hangUp := context.WithCancel(t.Context())
	defer hangUp()
	answer, err := hasty.Do(urlrtest.NewRequest(url+Path, secret, event()).WithContext(ctx))
	require.NoError(t, err)
	got := make([]byte, len(body))
	_, err = io.ReadFull(answer.Body, got)
	require.NoError(t, err)
	assert.Equal(t, body, string(got))
	hangUp()
	hasty.CloseIdleConnections()
	_ = answer.Body.Close() // it was hung up
}
