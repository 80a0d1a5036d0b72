package fiberurlr_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/gofiber/fiber/v2"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/fiberurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

const secret = "whsec_test"

// deliver sends an event, signed with secret, to an application and prints the response.
func deliver(app *fiber.App, secret string) {
	r := urlrtest.NewRequest("/webhooks/urlr", secret, urlrtest.NewEvent())
	response, err := app.Test(r)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer response.Body.Close()
	text, _ := io.ReadAll(response.Body)
	fmt.Println(strings.TrimSpace(fmt.Sprintf("%d %s", response.StatusCode, text)))
}

func ExampleVerify() {
	app := fiber.New()
	app.Post("/webhooks/urlr", fiberurlr.Verify(secret), func(c *fiber.Ctx) error {
		click := fiberurlr.Event(c)
		fmt.Println(click.Link.Code, click.Country)
		return c.SendStatus(fiber.StatusNoContent)
	})

	deliver(app, secret)
	deliver(app, "forged")
	// Output:
	// yBPhx FR
	// 204
	// 401 The signature does not match the body. Check the secret, and that nothing changes the body in transit.
}

// An application's error handler can distinguish the reasons.
func ExampleVerify_errorHandler() {
	app := fiber.New(fiber.Config{ErrorHandler: func(c *fiber.Ctx, err error) error {
		fmt.Println("forged:", errors.Is(err, core.ErrSignatureMismatch))
		return fiber.DefaultErrorHandler(c, err)
	}})
	app.Use(fiberurlr.Verify(secret))
	app.Post("/webhooks/urlr", fiberurlr.Handler(func(context.Context, *core.Event) error { return nil }))

	deliver(app, secret)
	deliver(app, "forged")
	// Output:
	// 204
	// forged: true
	// 401 The signature does not match the body. Check the secret, and that nothing changes the body in transit.
}

func ExampleVerifyWithConfig() {
	app := fiber.New()
	app.Use(fiberurlr.VerifyWithConfig(fiberurlr.Config{
		Verifier: core.MustVerifier(secret, core.WithSecrets("whsec_before")),
		Next:     func(c *fiber.Ctx) bool { return c.Path() == "/health" },
		ErrorHandler: func(c *fiber.Ctx, err error) error {
			return c.Status(core.StatusCode(err)).SendString("no")
		},
	}))
	app.Post("/webhooks/urlr", fiberurlr.Handler(func(context.Context, *core.Event) error { return nil }))

	deliver(app, "whsec_before")
	deliver(app, "forged")
	// Output:
	// 204
	// 401 no
}

// An event can be kept: it contains nothing of Fiber's.
func ExampleEvent() {
	app := fiber.New()
	var last *core.Event
	app.Group("/webhooks", fiberurlr.Verify(secret)).Post("/urlr", func(c *fiber.Ctx) error {
		last = fiberurlr.Event(c)
		return nil
	})

	deliver(app, secret)
	fmt.Println(last.Link.Code)
	// Output:
	// 200
	// yBPhx
}

func ExampleHandler() {
	app := fiber.New()
	record := func(_ context.Context, e *core.Event) error {
		return fmt.Errorf("insert %s: %w", e.Link.Code, core.ErrUnavailable) // URLR retries
	}
	app.Post("/webhooks/urlr", fiberurlr.Verify(secret), fiberurlr.Handler(record))

	deliver(app, secret)
	// Output: 503 The event can't be processed at the moment. Send the delivery again later.
}

// Each click reaches the handler once. A single process can keep its state in memory; several need
// a shared store.
func ExampleDeduplicate() {
	app := fiber.New()
	deduplicate := fiberurlr.Deduplicate(dedupe.New(dedupe.NewMemory()))
	app.Post("/webhooks/urlr", fiberurlr.Verify(secret), deduplicate, func(c *fiber.Ctx) error {
		fmt.Println("recorded", fiberurlr.Event(c).Link.Code)
		return c.SendStatus(fiber.StatusNoContent)
	})

	deliver(app, secret)
	// Output:
	// recorded yBPhx
	// 204
}
