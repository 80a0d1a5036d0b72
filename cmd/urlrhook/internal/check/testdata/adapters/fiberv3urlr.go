package main

import (
	"log"

	"github.com/gofiber/fiber/v3"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/fiberv3urlr"
)

func main() {
	guard := dedupe.New(dedupe.NewMemory())
	app := fiber.New()
	app.Post("/webhooks/urlr", fiberv3urlr.Verify(secret), fiberv3urlr.Deduplicate(guard), fiberv3urlr.Handler(count))
	log.Fatal(app.Listener(listen(), fiber.ListenConfig{DisableStartupMessage: true}))
}
