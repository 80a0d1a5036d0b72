package main

import (
	"log"

	"github.com/gofiber/fiber/v2"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/fiberurlr"
)

func main() {
	guard := dedupe.New(dedupe.NewMemory())
	app := fiber.New(fiber.Config{DisableStartupMessage: true})
	app.Post("/webhooks/urlr", fiberurlr.Verify(secret), fiberurlr.Deduplicate(guard), fiberurlr.Handler(count))
	log.Fatal(app.Listener(listen()))
}
