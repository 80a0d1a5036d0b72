package loadtest

import (
	"net"
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/gofiber/fiber/v2"
	fiberv3 "github.com/gofiber/fiber/v3"
	"github.com/labstack/echo/v4"
	echov5 "github.com/labstack/echo/v5"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/echourlr"
	"github.com/urlr-community/webhooks-go/echov5urlr"
	"github.com/urlr-community/webhooks-go/fiberurlr"
	"github.com/urlr-community/webhooks-go/fiberv3urlr"
	"github.com/urlr-community/webhooks-go/ginurlr"
	"github.com/urlr-community/webhooks-go/nethttpurlr"
)

const (
	secret = "whsec_load"
	path   = "/webhooks/urlr"
)

// A serve serves a handler behind Verify and, if guard is not nil, Deduplicate.
type serve func(l net.Listener, guard *dedupe.Guard, h core.HandlerFunc) error

var frameworks = map[string]serve{
	"net/http": serveNetHTTP, "Gin": serveGin, "Echo": serveEcho, "Echo v5": serveEchoV5,
	"Fiber": serveFiber, "Fiber v3": serveFiberV3,
}

func serveNetHTTP(listener net.Listener, guard *dedupe.Guard, h core.HandlerFunc) error {
	var handler http.Handler = nethttpurlr.Handler(h)
	if guard != nil {
		handler = nethttpurlr.Deduplicate(guard)(handler)
	}
	mux := http.NewServeMux()
	mux.Handle("POST "+path, nethttpurlr.Verify(secret)(handler))
	return http.Serve(listener, mux)
}

func serveGin(listener net.Listener, guard *dedupe.Guard, h core.HandlerFunc) error {
	gin.SetMode(gin.ReleaseMode)
	handlers := []gin.HandlerFunc{ginurlr.Verify(secret)}
	if guard != nil {
		handlers = append(handlers, ginurlr.Deduplicate(guard))
	}
	r := gin.New()
	r.POST(path, append(handlers, ginurlr.Handler(h))...)
	return http.Serve(listener, r)
}

func serveEcho(listener net.Listener, guard *dedupe.Guard, h core.HandlerFunc) error {
	middleware := []echo.MiddlewareFunc{echourlr.Verify(secret)}
	if guard != nil {
		middleware = append(middleware, echourlr.Deduplicate(guard))
	}
	e := echo.New()
	e.POST(path, echourlr.Handler(h), middleware...)
	return http.Serve(listener, e)
}

func serveEchoV5(listener net.Listener, guard *dedupe.Guard, h core.HandlerFunc) error {
	middleware := []echov5.MiddlewareFunc{echov5urlr.Verify(secret)}
	if guard != nil {
		middleware = append(middleware, echov5urlr.Deduplicate(guard))
	}
	e := echov5.New()
	e.POST(path, echov5urlr.Handler(h), middleware...)
	return http.Serve(listener, e)
}

func serveFiber(listener net.Listener, guard *dedupe.Guard, h core.HandlerFunc) error {
	handlers := []fiber.Handler{fiberurlr.Verify(secret)}
	if guard != nil {
		handlers = append(handlers, fiberurlr.Deduplicate(guard))
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Post(path, append(handlers, fiberurlr.Handler(h))...)
	return app.Listener(listener)
}

func serveFiberV3(listener net.Listener, guard *dedupe.Guard, h core.HandlerFunc) error {
	handlers := []any{fiberv3urlr.Handler(h)}
	if guard != nil {
		handlers = []any{fiberv3urlr.Deduplicate(guard), handlers[0]}
	}
	app := fiberv3.New()
	app.Post(path, fiberv3urlr.Verify(secret), handlers...)
	return app.Listener(listener, fiberv3.ListenConfig{DisableStartupMessage: true})
}
