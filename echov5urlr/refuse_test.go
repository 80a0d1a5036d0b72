package echov5urlr_test

import (
	"context"
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

// Echo's BodyLimit answers a declared length over it. A chunked body fails while it is being read.
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
