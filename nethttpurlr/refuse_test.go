package nethttpurlr_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// If an ErrorHandler starts a response, that counts. Otherwise the default one is sent.
func TestErrorHandlerResponds(t *testing.T) {
	for name, test := range map[string]struct {
		handler func(w http.ResponseWriter)
		status  int
		body    string // part of it
	}{
		"nothing":       {func(http.ResponseWriter) {}, 401, "does not match"},
		"a header":      {func(w http.ResponseWriter) { w.Header().Set("X-Reason", "forged") }, 401, "does not match"},
		"early hints":   {func(w http.ResponseWriter) { w.WriteHeader(http.StatusEarlyHints) }, 401, "does not match"},
		"a status":      {func(w http.ResponseWriter) { w.WriteHeader(http.StatusTeapot) }, 418, ""},
		"no content":    {func(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) }, 204, ""},
		"a text":        {func(w http.ResponseWriter) { _, _ = io.WriteString(w, "ok") }, 401, "ok"},
		"an empty text": {func(w http.ResponseWriter) { _, _ = w.Write(nil) }, 401, ""},
		"200":           {func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) }, 200, ""},
		"a flush":       {func(w http.ResponseWriter) { w.(http.Flusher).Flush() }, 401, ""},
		"a controlled flush": {func(w http.ResponseWriter) {
			assert.NoError(t, http.NewResponseController(w).Flush())
		}, 401, ""},
		"a hijacked connection": {func(w http.ResponseWriter) {
			connection, buffered, err := http.NewResponseController(w).Hijack()
			if assert.NoError(t, err) {
				_, _ = buffered.WriteString("HTTP/1.1 418 I'm a teapot\r\nConnection: close\r\n\r\nhijacked")
				_ = buffered.Flush()
				_ = connection.Close()
			}
		}, 418, "hijacked"},
		"a deadline": {func(w http.ResponseWriter) {
			assert.NoError(t, http.NewResponseController(w).SetWriteDeadline(time.Time{}))
		}, 401, "does not match"},
	} {
		t.Run(name, func(t *testing.T) {
			verify := nethttpurlr.VerifyWithConfig(nethttpurlr.Config{
				Verifier:     core.MustVerifier(secret),
				ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { test.handler(w) },
			})
			var log strings.Builder
			server := httptest.NewUnstartedServer(verify(unreachable(t)))
			server.Config.ErrorLog = slog.NewLogLogger(slog.NewTextHandler(&log, nil), slog.LevelError)
			server.Start()
			defer func() {
				server.Close()
				assert.Empty(t, log.String(), "two responses")
			}()
			r := urlrtest.NewRequest(server.URL, "another secret", urlrtest.NewEvent())
			response, err := server.Client().Do(r)
			require.NoError(t, err)
			body, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			require.NoError(t, response.Body.Close())
			assert.Equal(t, test.status, response.StatusCode)
			assert.Contains(t, string(body), test.body)
		})
	}
}

func unreachable(t *testing.T) http.HandlerFunc {
	return func(http.ResponseWriter, *http.Request) { t.Error("a refused request reached the next handler") }
}

// A server's limit that is lower than the Verifier's has the same error.
func TestMaxBytesHandler(t *testing.T) {
	reasons := make(chan error, 1)
	observe := core.WithObserver(func(_ context.Context, o core.Observation) { reasons <- o.Err })
	verify := nethttpurlr.Verify(secret, observe)
	server := httptest.NewServer(http.MaxBytesHandler(verify(unreachable(t)), 100))
	defer server.Close()
	for _, chunked := range []bool{false, true} {
		r := urlrtest.NewRequest(server.URL, secret, urlrtest.NewEvent())
		if chunked {
			r.ContentLength = -1
		}
		response, err := server.Client().Do(r)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode)
		assert.ErrorIs(t, <-reasons, core.ErrBodyTooLarge)
	}
}

// HTTP/2 requests share a connection. Refusing one does not close it.
func TestRefusalsInHTTP2(t *testing.T) {
	server := httptest.NewUnstartedServer(nethttpurlr.Verify(secret)(nethttpurlr.Handler(
		func(context.Context, *core.Event) error { return nil })))
	server.EnableHTTP2 = true
	server.StartTLS()
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	do := func(r *http.Request) (status int, reused bool) {
		trace := &httptrace.ClientTrace{GotConn: func(c httptrace.GotConnInfo) { reused = c.Reused }}
		response, err := server.Client().Do(r.WithContext(httptrace.WithClientTrace(ctx, trace)))
		require.NoError(t, err)
		require.Equal(t, 2, response.ProtoMajor)
		require.NoError(t, response.Body.Close())
		return response.StatusCode, reused
	}

	for _, change := range []func(r *http.Request){
		func(r *http.Request) { r.Header.Del("X-Signature") },
		func(r *http.Request) { r.ContentLength = core.DefaultMaxBodyBytes + 1 },
	} {
		endless, end := io.Pipe() // nothing is ever written
		defer func() { assert.NoError(t, end.Close()) }()
		r := urlrtest.NewRequest(server.URL, secret, urlrtest.NewEvent())
		r.Body, r.ContentLength = endless, -1
		change(r)
		status, _ := do(r)
		assert.Contains(t, []int{http.StatusUnauthorized, http.StatusRequestEntityTooLarge}, status)

		status, reused := do(urlrtest.NewRequest(server.URL, secret, urlrtest.NewEvent()))
		assert.Equal(t, http.StatusNoContent, status)
		assert.True(t, reused)
	}
}

// A recorder has no connection to close.
func TestRefusalIsRecorded(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader("{}"))
	w := httptest.NewRecorder()
	nethttpurlr.Verify(secret)(unreachable(t)).ServeHTTP(w, r)
	assert.Equal(t, http.StatusUnauthorized, w.Code)
}
