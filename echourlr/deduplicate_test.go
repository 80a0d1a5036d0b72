package echourlr_test

import (
	"bytes"
	"context"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/echourlr"
	"github.com/urlr-community/webhooks-go/internal/conformance"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

func TestDeduplicateNeedsAGuard(t *testing.T) {
	assert.Panics(t, func() { echourlr.Deduplicate(nil) })
}

func TestDeduplicateOverNetHTTP(t *testing.T) {
	conformance.RunOverNetHTTP(t, func(secret string, guard *dedupe.Guard, h http.HandlerFunc) http.Handler {
		e := echo.New()
		e.POST(conformance.Path, echo.WrapHandler(h), echourlr.Verify(secret), echourlr.Deduplicate(guard))
		return e
	})
}

func TestDeduplicateBehindProxies(t *testing.T) {
	conformance.RunBehindProxies(t, conformance.Framework{Serve: serve})
}

// Echo's own middleware wraps Deduplicate, in a real server.
func TestDeduplicateInsideEchosMiddleware(t *testing.T) {
	timeout := func(e http.Handler) http.Handler { return http.TimeoutHandler(e, time.Minute, "") }
	plain := func(e http.Handler) http.Handler { return e }
	noContent := func(c echo.Context) error { return c.NoContent(http.StatusNoContent) }
	nothing := func(echo.Context) error { return nil }
	text := func(c echo.Context) error { return c.String(http.StatusOK, strings.Repeat("text", 1000)) }
	gzipLong := middleware.GzipWithConfig(middleware.GzipConfig{MinLength: 10_000})
	bodyDump := middleware.BodyDump(func(echo.Context, []byte, []byte) {})
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
	} {
		t.Run(name, func(t *testing.T) {
			outcomes := make(chan dedupe.Outcome, 10)
			observe := dedupe.WithObserver(func(_ context.Context, o dedupe.Observation) { outcomes <- o.What })
			guard := dedupe.New(dedupe.NewMemory(), observe)
			e := echo.New()
			e.POST("/", test.handler, test.inside, echourlr.Verify("secret"), echourlr.Deduplicate(guard))
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
