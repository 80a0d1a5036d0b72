// Command fiber receives URLR webhooks with Fiber v2.
//
//	URLR_WEBHOOK_SECRET=… go run ./examples/fiber
package main

import (
	"context"
	"log"
	"os"

	"github.com/gofiber/fiber/v2"
	fiberrecover "github.com/gofiber/fiber/v2/middleware/recover"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/fiberurlr"
)

func main() {
	secret := os.Getenv("URLR_WEBHOOK_SECRET")
	if secret == "" {
		log.Fatal("set URLR_WEBHOOK_SECRET to the secret key of your URLR folder")
	}
	log.Fatal(newApp(secret, record).Listen("127.0.0.1:8080"))
}

func newApp(secret string, record core.HandlerFunc) *fiber.App {
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Use(fiberrecover.New())
	app.Post("/webhooks/urlr", fiberurlr.Verify(secret), fiberurlr.Handler(record))
	return app
}

func record(_ context.Context, click *core.Event) error {
	log.Printf("click on %q from %q at %s", click.Link.Code, click.Country, click.Timestamp)
	return nil
}
