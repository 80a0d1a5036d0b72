package main

import (
	"net"
	"testing"

	"github.com/gofiber/fiber/v3"

	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
)

func TestExample(t *testing.T) {
	var recorded exampletest.Recorder
	app := newApp(exampletest.Secret, recorded.Record)
	serve := func(l net.Listener) error {
		return app.Listener(l, fiber.ListenConfig{DisableStartupMessage: true})
	}
	exampletest.CheckServer(t, serve, app.ShutdownWithTimeout, &recorded)
}
