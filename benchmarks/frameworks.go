package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	"github.com/labstack/echo/v4"
	"github.com/valyala/fasthttp"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/echourlr"
	"github.com/urlr-community/webhooks-go/fiberurlr"
	"github.com/urlr-community/webhooks-go/ginurlr"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

const path = "/webhooks/urlr"

func ignore(context.Context, *core.Event) error { return nil }

// frameworkCases measures each framework with no check, with a check by hand, with the adapter, and with its Deduplicate in memory.
func frameworkCases() []benchCase {
	gin.SetMode(gin.ReleaseMode)
	guard := dedupe.New(dedupe.NewMemory())
	return []benchCase{
		httpCase("net/http, no check", netHTTP(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })),
		httpCase("net/http, by hand", netHTTP(netHTTPByHand)),
		httpCase("net/http, nethttpurlr", netHTTP(nethttpurlr.Verify(secret)(nethttpurlr.Handler(ignore)).ServeHTTP)),
		httpCase("net/http, nethttpurlr and Deduplicate",
			netHTTP(nethttpurlr.Verify(secret)(nethttpurlr.Deduplicate(guard)(nethttpurlr.Handler(ignore))).ServeHTTP)),
		httpCase("Gin, no check", ginEngine(func(c *gin.Context) { c.Status(http.StatusNoContent) })),
		httpCase("Gin, by hand", ginEngine(ginByHand)),
		httpCase("Gin, ginurlr", ginEngine(ginurlr.Verify(secret), ginurlr.Handler(ignore))),
		httpCase("Gin, ginurlr and Deduplicate", ginEngine(ginurlr.Verify(secret), ginurlr.Deduplicate(guard), ginurlr.Handler(ignore))),
		httpCase("Echo, no check", newEcho(func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })),
		httpCase("Echo, by hand", newEcho(echoByHand)),
		httpCase("Echo, echourlr", newEcho(echourlr.Handler(ignore), echourlr.Verify(secret))),
		httpCase("Echo, echourlr and Deduplicate", newEcho(echourlr.Handler(ignore), echourlr.Verify(secret), echourlr.Deduplicate(guard))),
		fiberCase("Fiber, no check", func(c *fiber.Ctx) error { c.Status(fiber.StatusNoContent); return nil }),
		fiberCase("Fiber, by hand", fiberByHand),
		fiberCase("Fiber, fiberurlr", fiberurlr.Verify(secret), fiberurlr.Handler(ignore)),
		fiberCase("Fiber, fiberurlr and Deduplicate", fiberurlr.Verify(secret), fiberurlr.Deduplicate(guard), fiberurlr.Handler(ignore)),
	}
}

func netHTTP(h http.HandlerFunc) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST "+path, h)
	return mux
}

func netHTTPByHand(w http.ResponseWriter, r *http.Request) {
	if err := readByHand(r.Body, r.Header.Get(core.SignatureHeader)); err != nil {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func ginEngine(handlers ...gin.HandlerFunc) http.Handler {
	r := gin.New()
	r.POST(path, handlers...)
	return r
}

func ginByHand(c *gin.Context) {
	if err := readByHand(c.Request.Body, c.GetHeader(core.SignatureHeader)); err != nil {
		c.AbortWithStatus(http.StatusUnauthorized)
		return
	}
	c.Status(http.StatusNoContent)
}

func newEcho(h echo.HandlerFunc, middleware ...echo.MiddlewareFunc) http.Handler {
	e := echo.New()
	e.POST(path, h, middleware...)
	return e
}

func echoByHand(c echo.Context) error {
	if err := readByHand(c.Request().Body, c.Request().Header.Get(core.SignatureHeader)); err != nil {
		return echo.ErrUnauthorized
	}
	return c.NoContent(http.StatusNoContent)
}

func fiberByHand(c *fiber.Ctx) error {
	if err := verifyByHand(c.Body(), c.Get(core.SignatureHeader)); err != nil {
		return fiber.ErrUnauthorized
	}
	c.Status(fiber.StatusNoContent)
	return nil
}

// httpCase calls a handler with one request over and over, so that what is measured is the handler.
func httpCase(name string, h http.Handler) benchCase {
	r := httptest.NewRequest(http.MethodPost, path, nil)
	r.Header.Set(core.SignatureHeader, signature)
	r.ContentLength = int64(len(body))
	reader := bytes.NewReader(body)
	w := &statusWriter{header: http.Header{}}
	return benchCase{name, func() error {
		reader.Reset(body)
		r.Body = io.NopCloser(reader)
		w.status = 0
		h.ServeHTTP(w, r)
		return checkStatus(w.status)
	}}
}

// A statusWriter keeps the status alone.
type statusWriter struct {
	header http.Header
	status int
}

func (w *statusWriter) Header() http.Header         { return w.header }
func (w *statusWriter) WriteHeader(status int)      { w.status = status }
func (w *statusWriter) Write(p []byte) (int, error) { return len(p), nil }
func (w *statusWriter) Flush()                      {}

func fiberCase(name string, handlers ...fiber.Handler) benchCase {
	app := fiber.New()
	app.Post(path, handlers...)
	h := app.Handler()
	var c fasthttp.RequestCtx
	c.Request.Header.SetMethod(fiber.MethodPost)
	c.Request.SetRequestURI(path)
	c.Request.Header.Set(core.SignatureHeader, signature)
	c.Request.SetBody(body)
	return benchCase{name, func() error {
		c.Response.Reset()
		c.ResetUserValues()
		h(&c)
		return checkStatus(c.Response.StatusCode())
	}}
}

func checkStatus(status int) error {
	if status != http.StatusNoContent {
		return fmt.Errorf("status %d", status)
	}
	return nil
}
