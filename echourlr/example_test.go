package echourlr_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/echourlr"
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
	e.POST("/webhooks/urlr", func(c echo.Context) error {
		click := echourlr.Event(c)
		fmt.Println(click.Link.Code, click.Country)
		return c.NoContent(http.StatusNoContent)
	}, echourlr.Verify(secret))

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
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		fmt.Println("forged:", errors.Is(err, core.ErrSignatureMismatch))
		e.DefaultHTTPErrorHandler(err, c)
	}
	e.Use(echourlr.Verify(secret))
	e.POST("/webhooks/urlr", echourlr.Handler(func(context.Context, *core.Event) error { return nil }))

	deliver(e, secret)
	deliver(e, "forged")
	// Output:
	// 204
	// forged: true
	// 401 {"message":"The signature does not match the body. Check the secret, and that nothing changes the body in transit."}
}

func ExampleVerifyWithConfig() {
	e := echo.New()
	e.Use(echourlr.VerifyWithConfig(echourlr.Config{
		Verifier: core.MustVerifier(secret, core.WithSecrets("whsec_before")),
		Skipper:  func(c echo.Context) bool { return c.Path() == "/health" },
		ErrorHandler: func(c echo.Context, err error) error {
			return c.String(core.StatusCode(err), "no")
		},
	}))
	e.POST("/webhooks/urlr", echourlr.Handler(func(context.Context, *core.Event) error { return nil }))

	deliver(e, "whsec_before")
	deliver(e, "forged")
	// Output:
	// 204
	// 401 no
}

func ExampleEvent() {
	e := echo.New()
	webhooks := e.Group("/webhooks", echourlr.Verify(secret))
	webhooks.POST("/urlr", func(c echo.Context) error {
		return c.String(http.StatusOK, echourlr.Event(c).Link.Code)
	})

	deliver(e, secret)
	// Output: 200 yBPhx
}

func ExampleHandler() {
	e := echo.New()
	e.POST("/webhooks/urlr", echourlr.Handler(func(_ context.Context, e *core.Event) error {
		return fmt.Errorf("insert %s: %w", e.Link.Code, core.ErrUnavailable) // URLR retries
	}), echourlr.Verify(secret))

	deliver(e, secret)
	// Output: 503 {"message":"The event can't be processed at the moment. Send the delivery again later."}
}

// Each click reaches the handler once. A single process can keep its state in memory; several need
// a shared store.
func ExampleDeduplicate() {
	e := echo.New()
	e.POST("/webhooks/urlr", func(c echo.Context) error {
		fmt.Println("recorded", echourlr.Event(c).Link.Code)
		return c.NoContent(http.StatusNoContent)
	}, echourlr.Verify(secret), echourlr.Deduplicate(dedupe.New(dedupe.NewMemory())))

	deliver(e, secret)
	// Output:
	// recorded yBPhx
	// 204
}
