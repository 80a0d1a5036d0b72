package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	fiberv3 "github.com/gofiber/fiber/v3"
	"github.com/labstack/echo/v4"
	echov5 "github.com/labstack/echo/v5"
	"github.com/valyala/fasthttp"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/echourlr"
	"github.com/urlr-community/webhooks-go/echov5urlr"
	"github.com/urlr-community/webhooks-go/fiberurlr"
	"github.com/urlr-community/webhooks-go/fiberv3urlr"
	"github.com/urlr-community/webhooks-go/ginurlr"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

const path = "/webhooks/urlr"

func ignore(context.Context, *core.Event) error { return nil }

// An endpoint is a handler in a framework, which can be called without a connection or served.
type endpoint struct {
	benchCase
	serve func(net.Listener) error
}

func frameworkCases() []benchCase {
	var cases []benchCase
	for _, e := range endpoints() {
		cases = append(cases, e.benchCase)
	}
	return cases
}

// endpoints returns, for each framework, an endpoint without a check, one that only reads the body,
// one that checks by hand, one with the adapter, and one with its Deduplicate in memory.
func endpoints() []endpoint {
	gin.SetMode(gin.ReleaseMode)
	guard := dedupe.New(dedupe.NewMemory())
	return []endpoint{
		httpEndpoint("net/http, no check", netHTTP(noContent)),
		httpEndpoint("net/http, reading", netHTTP(netHTTPReading)),
		httpEndpoint("net/http, by hand", netHTTP(netHTTPByHand)),
		httpEndpoint("net/http, nethttpurlr",
			netHTTP(nethttpurlr.Verify(secret)(nethttpurlr.Handler(ignore)).ServeHTTP)),
		httpEndpoint("net/http, nethttpurlr and Deduplicate",
			netHTTP(nethttpurlr.Verify(secret)(nethttpurlr.Deduplicate(guard)(nethttpurlr.Handler(ignore))).ServeHTTP)),
		httpEndpoint("Gin, no check", ginEngine(func(c *gin.Context) { c.Status(http.StatusNoContent) })),
		httpEndpoint("Gin, reading", ginEngine(ginReading)),
		httpEndpoint("Gin, by hand", ginEngine(ginByHand)),
		httpEndpoint("Gin, ginurlr", ginEngine(ginurlr.Verify(secret), ginurlr.Handler(ignore))),
		httpEndpoint("Gin, ginurlr and Deduplicate",
			ginEngine(ginurlr.Verify(secret), ginurlr.Deduplicate(guard), ginurlr.Handler(ignore))),
		httpEndpoint("Echo, no check",
			newEcho(func(c echo.Context) error { return c.NoContent(http.StatusNoContent) })),
		httpEndpoint("Echo, reading", newEcho(echoReading)),
		httpEndpoint("Echo, by hand", newEcho(echoByHand)),
		httpEndpoint("Echo, echourlr", newEcho(echourlr.Handler(ignore), echourlr.Verify(secret))),
		httpEndpoint("Echo, echourlr and Deduplicate",
			newEcho(echourlr.Handler(ignore), echourlr.Verify(secret), echourlr.Deduplicate(guard))),
		httpEndpoint("Echo v5, no check",
			newEchoV5(func(c *echov5.Context) error { return c.NoContent(http.StatusNoContent) })),
		httpEndpoint("Echo v5, reading", newEchoV5(echoV5Reading)),
		httpEndpoint("Echo v5, by hand", newEchoV5(echoV5ByHand)),
		httpEndpoint("Echo v5, echov5urlr", newEchoV5(echov5urlr.Handler(ignore), echov5urlr.Verify(secret))),
		httpEndpoint("Echo v5, echov5urlr and Deduplicate",
			newEchoV5(echov5urlr.Handler(ignore), echov5urlr.Verify(secret), echov5urlr.Deduplicate(guard))),
		fiberEndpoint("Fiber, no check", func(c *fiber.Ctx) error { c.Status(fiber.StatusNoContent); return nil }),
		fiberEndpoint("Fiber, reading", fiberReading),
		fiberEndpoint("Fiber, by hand", fiberByHand),
		fiberEndpoint("Fiber, fiberurlr", fiberurlr.Verify(secret), fiberurlr.Handler(ignore)),
		fiberEndpoint("Fiber, fiberurlr and Deduplicate",
			fiberurlr.Verify(secret), fiberurlr.Deduplicate(guard), fiberurlr.Handler(ignore)),
		fiberV3Endpoint("Fiber v3, no check",
			func(c fiberv3.Ctx) error { c.Status(fiberv3.StatusNoContent); return nil }),
		fiberV3Endpoint("Fiber v3, reading", fiberV3Reading),
		fiberV3Endpoint("Fiber v3, by hand", fiberV3ByHand),
		fiberV3Endpoint("Fiber v3, fiberv3urlr", fiberv3urlr.Verify(secret), fiberv3urlr.Handler(ignore)),
		fiberV3Endpoint("Fiber v3, fiberv3urlr and Deduplicate",
			fiberv3urlr.Verify(secret), fiberv3urlr.Deduplicate(guard), fiberv3urlr.Handler(ignore)),
	}
}

func netHTTP(h http.HandlerFunc) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST "+path, h)
	return mux
}

func noContent(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

func netHTTPReading(w http.ResponseWriter, r *http.Request) {
	if _, err := io.ReadAll(r.Body); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	w.WriteHeader(http.StatusNoContent)
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

func ginReading(c *gin.Context) {
	if _, err := io.ReadAll(c.Request.Body); err != nil {
		c.AbortWithStatus(http.StatusBadRequest)
		return
	}
	c.Status(http.StatusNoContent)
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

func echoReading(c echo.Context) error {
	if _, err := io.ReadAll(c.Request().Body); err != nil {
		return echo.ErrBadRequest
	}
	return c.NoContent(http.StatusNoContent)
}

func echoByHand(c echo.Context) error {
	if err := readByHand(c.Request().Body, c.Request().Header.Get(core.SignatureHeader)); err != nil {
		return echo.ErrUnauthorized
	}
	return c.NoContent(http.StatusNoContent)
}

func newEchoV5(h echov5.HandlerFunc, middleware ...echov5.MiddlewareFunc) http.Handler {
	e := echov5.New()
	e.POST(path, h, middleware...)
	return e
}

func echoV5Reading(c *echov5.Context) error {
	if _, err := io.ReadAll(c.Request().Body); err != nil {
		return echov5.ErrBadRequest
	}
	return c.NoContent(http.StatusNoContent)
}

func echoV5ByHand(c *echov5.Context) error {
	if err := readByHand(c.Request().Body, c.Request().Header.Get(core.SignatureHeader)); err != nil {
		return echov5.ErrUnauthorized
	}
	return c.NoContent(http.StatusNoContent)
}

func fiberReading(c *fiber.Ctx) error {
	if len(c.Body()) == 0 {
		return fiber.ErrBadRequest
	}
	c.Status(fiber.StatusNoContent)
	return nil
}

func fiberByHand(c *fiber.Ctx) error {
	if err := verifyByHand(c.Body(), c.Get(core.SignatureHeader)); err != nil {
		return fiber.ErrUnauthorized
	}
	c.Status(fiber.StatusNoContent)
	return nil
}

func fiberV3Reading(c fiberv3.Ctx) error {
	if len(c.Body()) == 0 {
		return fiberv3.ErrBadRequest
	}
	c.Status(fiberv3.StatusNoContent)
	return nil
}

func fiberV3ByHand(c fiberv3.Ctx) error {
	if err := verifyByHand(c.Body(), c.Get(core.SignatureHeader)); err != nil {
		return fiberv3.ErrUnauthorized
	}
	c.Status(fiberv3.StatusNoContent)
	return nil
}

// httpEndpoint calls a handler with the same request each time, so that only the handler is
// measured.
func httpEndpoint(name string, h http.Handler) endpoint {
	r := httptest.NewRequest(http.MethodPost, path, nil)
	r.Header.Set(core.SignatureHeader, signature)
	r.ContentLength = int64(len(body))
	reader := bytes.NewReader(body)
	w := &statusWriter{header: http.Header{}}
	call := func() error {
		reader.Reset(body)
		r.Body = io.NopCloser(reader)
		w.status = 0
		h.ServeHTTP(w, r)
		return checkStatus(w.status)
	}
	return endpoint{benchCase{name, call}, func(l net.Listener) error { return http.Serve(l, h) }}
}

// A statusWriter keeps only the status.
type statusWriter struct {
	header http.Header
	status int
}

func (w *statusWriter) Header() http.Header         { return w.header }
func (w *statusWriter) WriteHeader(status int)      { w.status = status }
func (w *statusWriter) Write(p []byte) (int, error) { return len(p), nil }
func (w *statusWriter) Flush()                      {}

func fiberEndpoint(name string, handlers ...fiber.Handler) endpoint {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Post(path, handlers...)
	return fasthttpEndpoint(name, app.Handler(), app.Listener)
}

func fiberV3Endpoint(name string, first any, handlers ...any) endpoint {
	app := fiberv3.New()
	app.Post(path, first, handlers...)
	return fasthttpEndpoint(name, app.Handler(), func(l net.Listener) error {
		return app.Listener(l, fiberv3.ListenConfig{DisableStartupMessage: true})
	})
}

func fasthttpEndpoint(name string, h fasthttp.RequestHandler, serve func(net.Listener) error) endpoint {
	var c fasthttp.RequestCtx
	c.Request.Header.SetMethod(fiber.MethodPost)
	c.Request.SetRequestURI(path)
	c.Request.Header.Set(core.SignatureHeader, signature)
	c.Request.SetBody(body)
	call := func() error {
		c.Response.Reset()
		c.ResetUserValues()
		h(&c)
		return checkStatus(c.Response.StatusCode())
	}
	return endpoint{benchCase{name, call}, serve}
}

func checkStatus(status int) error {
	if status != http.StatusNoContent {
		return fmt.Errorf("status %d", status)
	}
	return nil
}
