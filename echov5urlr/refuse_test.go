package echov5urlr_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/echov5urlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// Echo's BodyLimit rejects a declared length over the limit. A chunked body fails during reading.
func TestBodyLimit(t *testing.T) {
	reasons := make(chan error, 1)
	observe := core.WithObserver(func(_ context.Context, o core.Observation) { reasons <- o.Err })
	for limit, want := range map[int64]int{100: http.StatusRequestEntityTooLarge, 1000: http.StatusNoContent} {
		e := echo.New()
		e.Use(middleware.BodyLimit(limit))
		handler := echov5urlr.Handler(func(context.Context, *core.Event) error { return nil })
		e.POST("/", handler, echov5urlr.Verify(secret, observe))
		server := httptest.NewServer(e)
		defer server.Close()
		r := urlrtest.NewRequest(server.URL+"/", secret, urlrtest.NewEvent())
		r.ContentLength = -1
		response, err := server.Client().Do(r)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.Equal(t, want, response.StatusCode)
		assert.Equal(t, want, core.StatusCode(<-reasons))
	}
}

// An ErrorHandler that returns its error leaves the response to the application. An error that this
// one wraps does not determine it.
func TestErrorHandlerThatReturnsTheError(t *testing.T) {
	lookUp := core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) {
		return nil, echo.NewHTTPError(http.StatusOK, "private")
	})
	for name, test := range map[string]struct {
		handle func(*echo.Context, error) error
		want   int
	}{
		"as it is": {func(_ *echo.Context, err error) error { return err }, http.StatusServiceUnavailable},
		"wrapped": {func(_ *echo.Context, err error) error { return fmt.Errorf("private: %w", err) },
			http.StatusServiceUnavailable},
		"in an error of Echo's": {func(_ *echo.Context, err error) error { return echo.ErrNotFound.Wrap(err) },
			http.StatusNotFound},
		"in one, wrapped": {func(_ *echo.Context, err error) error {
			return fmt.Errorf("private: %w", echo.ErrNotFound.Wrap(err))
		}, http.StatusNotFound},
		"an error of Echo's alone": {func(*echo.Context, error) error { return echo.ErrNotFound }, http.StatusNotFound},
	} {
		e := echo.New()
		cfg := echov5urlr.Config{Verifier: core.MustVerifier("", lookUp), ErrorHandler: test.handle}
		handler := echov5urlr.Handler(func(context.Context, *core.Event) error { return nil })
		e.POST("/", handler, echov5urlr.VerifyWithConfig(cfg))
		w := httptest.NewRecorder()
		e.ServeHTTP(w, urlrtest.NewRequest("/", secret, urlrtest.NewEvent()))
		assert.Equal(t, test.want, w.Code, name)
		assert.NotContains(t, w.Body.String(), "private")
	}
}
