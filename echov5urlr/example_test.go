package echov5urlr_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"strings"

	"github.com/labstack/echo/v5"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/echov5urlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const secret = "whsec_test"

// deliver sends an event, signed with secret, to a router and prints the response.
func deliver(h http.Handler, secret string) {
	r := urlrtest.NewRequest("/webhooks/urlr", secret, urlrtest.NewEvent())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println(strings.TrimSpace(fmt.Sprint(w.Code, " ", w.Body)))
}

func ExampleVerify() {
	e := echo.New()
	e.POST("/webhooks/urlr", func(c *echo.Context) error {
		click := echov5urlr.Event(c)
		fmt.Println(click.Link.Code, click.Country)
		return c.NoContent(http.StatusNoContent)
	}, echov5urlr.Verify(secret))

	deliver(e, secret)
	deliver(e, "forged")
	// Output:
	// yBPhx FR
	// 204
	// 401 {"message":"The signature does not match the body. Check the secret, and that nothing changes the body in transit."}
}

// An application's error handler can distinguish the reasons.
func ExampleVerify_errorHandler() {
	e := echo.New()
	e.HTTPErrorHandler = func(c *echo.Context, err error) {
		fmt.Println("forged:", errors.Is(err, core.ErrSignatureMismatch))
		echo.DefaultHTTPErrorHandler(false)(c, err)
	}
	e.Use(echov5urlr.Verify(secret))
	e.POST("/webhooks/urlr", echov5urlr.Handler(func(context.Context, *core.Event) error { return nil }))

	deliver(e, secret)
	deliver(e, "forged")
	// Output:
	// 204
	// forged: true
	// 401 {"message":"The signature does not match the body. Check the secret, and that nothing changes the body in transit."}
}

func ExampleVerifyWithConfig() {
	e := echo.New()
	e.Use(echov5urlr.VerifyWithConfig(echov5urlr.Config{
		Verifier: core.MustVerifier(secret, core.WithSecrets("whsec_before")),
		Skipper:  func(c *echo.Context) bool { return c.Path() == "/health" },
		ErrorHandler: func(c *echo.Context, err error) error {
			return c.String(core.StatusCode(err), "no")
		},
	}))
	e.POST("/webhooks/urlr", echov5urlr.Handler(func(context.Context, *core.Event) error { return nil }))

	deliver(e, "whsec_before")
	deliver(e, "forged")
	// Output:
	// 204
	// 401 no
}

func ExampleEvent() {
	e := echo.New()
	webhooks := e.Group("/webhooks", echov5urlr.Verify(secret))
	webhooks.POST("/urlr", func(c *echo.Context) error {
		return c.String(http.StatusOK, echov5urlr.Event(c).Link.Code)
	})

	deliver(e, secret)
	// Output: 200 yBPhx
}

func ExampleHandler() {
	e := echo.New()
	e.POST("/webhooks/urlr", echov5urlr.Handler(func(_ context.Context, e *core.Event) error {
		return fmt.Errorf("insert %s: %w", e.Link.Code, core.ErrUnavailable) // URLR retries
	}), echov5urlr.Verify(secret))

	deliver(e, secret)
	// Output: 503 {"message":"The event can't be processed at the moment. Send the delivery again later."}
}

// Each click reaches the handler once. A single process can keep its state in memory; several need
// a shared store.
func ExampleDeduplicate() {
	e := echo.New()
	e.POST("/webhooks/urlr", func(c *echo.Context) error {
		fmt.Println("recorded", echov5urlr.Event(c).Link.Code)
		return c.NoContent(http.StatusNoContent)
	}, echov5urlr.Verify(secret), echov5urlr.Deduplicate(dedupe.New(dedupe.NewMemory())))

	deliver(e, secret)
	// Output:
	// recorded yBPhx
	// 204
}

// With dedupe.ConnContext, Deduplicate also inspects connections.
func ExampleDeduplicate_connContext() {
	e := echo.New()
	handler := echov5urlr.Handler(func(context.Context, *core.Event) error { return nil })
	e.POST("/webhooks/urlr", handler, echov5urlr.Verify(secret), echov5urlr.Deduplicate(dedupe.New(dedupe.NewMemory())))
	server := echo.StartConfig{
		Address: "127.0.0.1:8080",
		BeforeServeFunc: func(s *http.Server) error {
			s.ConnContext = dedupe.ConnContext
			return nil
		},
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := server.Start(ctx, e); err != nil {
		log.Print(err)
	}
}
