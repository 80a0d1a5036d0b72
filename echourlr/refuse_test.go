package echourlr_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/echourlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// Echo's BodyLimit rejects a declared length over the limit. A chunked body fails during reading.
func TestBodyLimit(t *testing.T) {
	reasons := make(chan error, 1)
	observe := core.WithObserver(func(_ context.Context, o core.Observation) { reasons <- o.Err })
	for limit, want := range map[string]int{"100B": http.StatusRequestEntityTooLarge, "1K": http.StatusNoContent} {
		e := echo.New()
		e.Use(middleware.BodyLimit(limit))
		handler := echourlr.Handler(func(context.Context, *core.Event) error { return nil })
		e.POST("/", handler, echourlr.Verify(secret, observe))
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
