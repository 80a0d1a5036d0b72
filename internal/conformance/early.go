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

// A ServeWriter serves Verify, Deduplicate and a handler that writes to an [http.ResponseWriter].
type ServeWriter func(t *testing.T, secret string, guard *dedupe.Guard, h http.HandlerFunc) (url string)

// testEarlyAnswers has handlers that respond before they return. The client disconnects once it has
// read what was sent.
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

// readAndHangUp sends a delivery, reads the given amount of the response's body, and disconnects.
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
	_ = answer.Body.Close() // the connection is closed
}
