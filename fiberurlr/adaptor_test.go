package fiberurlr_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/gofiber/fiber/v2/middleware/adaptor"
	"github.com/stretchr/testify/assert"
	"github.com/valyala/fasthttp"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/fiberurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// Requests that don't come from Fiber's server, but from its adaptor or a serverless platform, end
// their attempts, too.
func TestDeduplicateWithoutServer(t *testing.T) {
	send := map[string]func(app *fiber.App, r *http.Request) (status int){
		"adaptor": func(app *fiber.App, r *http.Request) int {
			w := httptest.NewRecorder()
			adaptor.FiberApp(app)(w, r)
			return w.Code
		},
		"handler": func(app *fiber.App, r *http.Request) int {
			var c fasthttp.RequestCtx
			c.Request.Header.SetMethod(r.Method)
			c.Request.SetRequestURI(r.URL.Path)
			c.Request.Header.Set(core.SignatureHeader, r.Header.Get(core.SignatureHeader))
			c.Request.SetBodyStream(r.Body, int(r.ContentLength))
			c.Request.Body() // reads it
			app.Handler()(&c)
			return c.Response.StatusCode()
		},
	}
	for name, send := range send {
		t.Run(name, func(t *testing.T) {
			var outcomes []dedupe.Outcome
			guard := dedupe.New(dedupe.NewMemory(), dedupe.WithOncePerBody(dedupe.DefaultRetention),
				dedupe.WithObserver(func(_ context.Context, o dedupe.Observation) {
					outcomes = append(outcomes, o.What)
				}))
			result := errors.New("the first attempt fails")
			app := fiber.New()
			app.Post("/urlr", fiberurlr.Verify("secret"), fiberurlr.Deduplicate(guard),
				fiberurlr.Handler(func(context.Context, *core.Event) error { return result }))
			e := urlrtest.NewEvent()
			deliver := func() int {
				r := urlrtest.NewRequest("http://example.com/urlr", "secret", e)
				r.RequestURI = "/urlr"
				return send(app, r)
			}
			assert.Equal(t, http.StatusInternalServerError, deliver())
			result = nil
			assert.Equal(t, http.StatusNoContent, deliver())
			assert.Equal(t, http.StatusNoContent, deliver())
			assert.Equal(t, []dedupe.Outcome{
				dedupe.Failed, dedupe.Processed, dedupe.CreditKept, dedupe.Skipped, dedupe.CreditKept,
			}, outcomes)
			ctx, cancel := context.WithCancel(t.Context())
			cancel()
			assert.NoError(t, guard.Shutdown(ctx))
		})
	}
}
