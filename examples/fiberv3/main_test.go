package main

import (
	"net"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/examples/internal/exampletest"
)

func TestExample(t *testing.T) {
	var recorded exampletest.Recorder
	app := newApp(exampletest.Secret, recorded.Record)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan error, 1)
	go func() { done <- app.Listener(listener, fiber.ListenConfig{DisableStartupMessage: true}) }()
	defer func() {
		assert.NoError(t, app.ShutdownWithTimeout(10*time.Second))
		assert.NoError(t, <-done)
	}()
	exampletest.Check(t, "http://"+listener.Addr().String(), &recorded)
}
