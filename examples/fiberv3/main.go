// Command fiberv3 receives URLR webhooks with Fiber v3.
//
//	URLR_WEBHOOK_SECRET=… go run ./examples/fiberv3
package main

import (
	"context"
	"log"
	"os"

	"github.com/gofiber/fiber/v3"
	fiberrecover "github.com/gofiber/fiber/v3/middleware/recover"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/fiberv3urlr"
)

func main() {
	secret := os.Getenv("URLR_WEBHOOK_SECRET")
	if secret == "" {
		log.Fatal("set URLR_WEBHOOK_SECRET to the secret key of your URLR folder")
	}
	log.Fatal(newApp(secret, record).Listen("127.0.0.1:8080", fiber.ListenConfig{DisableStartupMessage: true}))
}

func newApp(secret string, record core.HandlerFunc) *fiber.App {
	app := fiber.New()
	app.Use(fiberrecover.New())
	app.Post("/webhooks/urlr", fiberv3urlr.Verify(secret), fiberv3urlr.Handler(record))
	return app
}

func record(_ context.Context, click *core.Event) error {
	log.Printf("click on %q from %q at %s", click.Link.Code, click.Country, click.Timestamp)
	return nil
}
