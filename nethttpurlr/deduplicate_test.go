package nethttpurlr_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/conformance"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

func TestDeduplicateNeedsAGuard(t *testing.T) {
	assert.Panics(t, func() { nethttpurlr.Deduplicate(nil) })
}

func TestDeduplicateOverNetHTTP(t *testing.T) {
	conformance.RunOverNetHTTP(t, func(secret string, guard *dedupe.Guard, h http.HandlerFunc) http.Handler {
		mux := http.NewServeMux()
		mux.Handle("POST "+conformance.Path, nethttpurlr.Verify(secret)(nethttpurlr.Deduplicate(guard)(h)))
		return mux
	})
}

func TestDeduplicateBehindProxies(t *testing.T) {
	conformance.RunBehindProxies(t, conformance.Framework{Serve: serve, Problems: true})
}

// The handler's response decides whether the delivery counts as processed.
func TestOutcomes(t *testing.T) {
	for name, test := range map[string]struct {
		respond func(w http.ResponseWriter)
		want    dedupe.Outcome
	}{
		"nothing": {func(http.ResponseWriter) {}, dedupe.Processed},
		"text":    {func(w http.ResponseWriter) { _, _ = w.Write([]byte("ok")) }, dedupe.Processed},
		"202":     {func(w http.ResponseWriter) { w.WriteHeader(http.StatusAccepted) }, dedupe.Processed},
		"flushed": {func(w http.ResponseWriter) { w.(http.Flusher).Flush() }, dedupe.Processed},
		"early hints": {func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusNoContent)
		}, dedupe.Processed},
		"early hints and 500": {func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusInternalServerError)
		}, dedupe.Failed},
		"hijacked": {func(w http.ResponseWriter) {
			connection, _, err := w.(http.Hijacker).Hijack()
			if err == nil {
				_ = connection.Close()
			}
		}, dedupe.Failed},
		"302": {func(w http.ResponseWriter) { w.WriteHeader(http.StatusFound) }, dedupe.Failed},
		"500 and text": {func(w http.ResponseWriter) {
			http.Error(w, "no", http.StatusInternalServerError)
		}, dedupe.Failed},
		"panic": {func(http.ResponseWriter) { panic(http.ErrAbortHandler) }, dedupe.Failed},
		"response and panic": {func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusNoContent)
			panic(http.ErrAbortHandler)
		}, dedupe.Failed},
	} {
		t.Run(name, func(t *testing.T) {
			outcomes := make(chan dedupe.Outcome, 10)
			observe := dedupe.WithObserver(func(_ context.Context, o dedupe.Observation) { outcomes <- o.What })
			guard := dedupe.New(dedupe.NewMemory(), observe)
			server := httptest.NewServer(nethttpurlr.Verify(secret)(nethttpurlr.Deduplicate(guard)(http.HandlerFunc(
				func(w http.ResponseWriter, _ *http.Request) { test.respond(w) }))))
			defer server.Close()
			response, err := server.Client().Do(urlrtest.NewRequest(server.URL, secret, urlrtest.NewEvent()))
			if err == nil {
				assert.NoError(t, response.Body.Close())
			}
			assert.Equal(t, test.want, <-outcomes)
		})
	}
}
