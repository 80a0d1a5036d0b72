package echov5urlr_test

import (
	"bytes"
	"context"
	"log"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/echov5urlr"
	"github.com/urlr-community/webhooks-go/internal/conformance"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

func TestDeduplicateNeedsAGuard(t *testing.T) {
	assert.Panics(t, func() { echov5urlr.Deduplicate(nil) })
}

func TestDeduplicateOverNetHTTP(t *testing.T) {
	for name, around := range map[string][]echo.MiddlewareFunc{
		"alone":             nil,
		"in a wrapper":      {middleware.BodyDump(func(*echo.Context, []byte, []byte, error) {})},
		"in foreign writer": {withForeignWriter},
	} {
		t.Run(name, func(t *testing.T) {
			conformance.RunOverNetHTTP(t, func(secret string, guard *dedupe.Guard, h http.HandlerFunc) http.Handler {
				e := echo.New()
				own := []echo.MiddlewareFunc{echov5urlr.Verify(secret), echov5urlr.Deduplicate(guard)}
				middleware := slices.Concat(around, own)
				e.POST(conformance.Path, echo.WrapHandler(h), middleware...)
				return e
			})
		})
	}
}

// A foreignWriter does not unwrap, so Echo can't find its response below.
type foreignWriter struct{ w http.ResponseWriter }

func (w foreignWriter) Header() http.Header { return w.w.Header() }

func (w foreignWriter) Write(p []byte) (int, error) { return w.w.Write(p) }

func (w foreignWriter) WriteHeader(status int) { w.w.WriteHeader(status) }

func (w foreignWriter) FlushError() error { return http.NewResponseController(w.w).Flush() }

// withForeignWriter wraps net/http's writer in a foreignWriter.
func withForeignWriter(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c *echo.Context) error {
		around := c.Response()
		defer c.SetResponse(around)
		response, err := echo.UnwrapResponse(around)
		if err != nil {
			return err
		}
		c.SetResponse(foreignWriter{response.ResponseWriter})
		return next(c)
	}
}

// watchedGuard returns a guard and the outcomes of its attempts.
func watchedGuard() (*dedupe.Guard, chan dedupe.Outcome) {
	outcomes := make(chan dedupe.Outcome, 10)
	observe := func(_ context.Context, o dedupe.Observation) { outcomes <- o.What }
	return dedupe.New(dedupe.NewMemory(), dedupe.WithObserver(observe)), outcomes
}

// A handler may unwrap the response. What it writes there counts too.
func TestDeduplicateSeesTheUnwrappedResponse(t *testing.T) {
	for status, want := range map[int]dedupe.Outcome{
		http.StatusNoContent:           dedupe.Processed,
		http.StatusInternalServerError: dedupe.Failed,
	} {
		guard, outcomes := watchedGuard()
		e := echo.New()
		e.POST("/", func(c *echo.Context) error {
			response, err := echo.UnwrapResponse(c.Response())
			if err != nil {
				return err
			}
			response.WriteHeader(status)
			return nil
		}, echov5urlr.Verify(secret), echov5urlr.Deduplicate(guard))
		w := httptest.NewRecorder()
		e.ServeHTTP(w, urlrtest.NewRequest("/", secret, urlrtest.NewEvent()))
		assert.Equal(t, status, w.Code)
		assert.Equal(t, want, <-outcomes)
	}
}

func TestDeduplicateBehindProxies(t *testing.T) {
	conformance.RunBehindProxies(t, conformance.Framework{Serve: serve})
}

// Echo's own middleware wraps Deduplicate, in a real server.
func TestDeduplicateInsideEchosMiddleware(t *testing.T) {
	timeout := func(e http.Handler) http.Handler { return http.TimeoutHandler(e, time.Minute, "") }
	plain := func(e http.Handler) http.Handler { return e }
	noContent := func(c *echo.Context) error { return c.NoContent(http.StatusNoContent) }
	nothing := func(*echo.Context) error { return nil }
	text := func(c *echo.Context) error { return c.String(http.StatusOK, strings.Repeat("text", 1000)) }
	bodyDump := middleware.BodyDump(func(*echo.Context, []byte, []byte, error) {})
	gzipLong := middleware.GzipWithConfig(middleware.GzipConfig{MinLength: 10_000})
	for name, test := range map[string]struct {
		around   func(http.Handler) http.Handler
		inside   echo.MiddlewareFunc
		handler  echo.HandlerFunc
		status   int
		encoding string
	}{
		"BodyDump":                       {plain, bodyDump, noContent, 204, ""},
		"BodyDump in a TimeoutHandler":   {timeout, bodyDump, noContent, 204, ""},
		"BodyDump, nothing written":      {timeout, bodyDump, nothing, 200, ""},
		"Gzip":                           {plain, middleware.Gzip(), noContent, 204, ""},
		"Gzip, nothing written":          {plain, middleware.Gzip(), nothing, 200, ""},
		"Gzip with a body":               {plain, middleware.Gzip(), text, 200, "gzip"},
		"Gzip in a TimeoutHandler":       {timeout, middleware.Gzip(), noContent, 204, ""},
		"Gzip of long bodies, but short": {plain, gzipLong, noContent, 204, ""},
		"ContextTimeout":                 {plain, middleware.ContextTimeout(time.Minute), noContent, 204, ""},
	} {
		t.Run(name, func(t *testing.T) {
			guard, outcomes := watchedGuard()
			e := echo.New()
			e.POST("/", test.handler, test.inside, echov5urlr.Verify("secret"), echov5urlr.Deduplicate(guard))
			var logged bytes.Buffer
			server := httptest.NewUnstartedServer(test.around(e))
			server.Config.ErrorLog = log.New(&logged, "", 0)
			server.Start()
			for range 2 { // twins
				r := urlrtest.NewRequest(server.URL, "secret", &core.Event{Type: core.EventLinkClicked})
				r.Header.Set("Accept-Encoding", "gzip")
				response, err := server.Client().Do(r)
				require.NoError(t, err)
				require.NoError(t, response.Body.Close())
				assert.Equal(t, test.status, response.StatusCode)
				assert.Equal(t, test.encoding, response.Header.Get("Content-Encoding"))
			}
			server.Close()
			close(outcomes)
			for outcome := range outcomes {
				assert.Equal(t, dedupe.Processed, outcome)
			}
			assert.Empty(t, logged.String())
		})
	}
}
