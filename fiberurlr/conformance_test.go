package fiberurlr_test

import (
	"net"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"
	recovery "github.com/gofiber/fiber/v2/middleware/recover"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/fiberurlr"
	"github.com/urlr-community/webhooks-go/internal/conformance"
)

func TestConformance(t *testing.T) {
	for name, cfg := range map[string]fiber.Config{
		"default":                    {},
		"streamed bodies":            {StreamRequestBody: true},
		"headers not normalized":     {DisableHeaderNormalizing: true},
		"less memory":                {ReduceMemoryUsage: true},
		"forms not parsed":           {DisablePreParseMultipartForm: true},
		"streamed, forms not parsed": {StreamRequestBody: true, DisablePreParseMultipartForm: true},
	} {
		t.Run(name, func(t *testing.T) {
			framework := conformance.Framework{
				Serve:       func(t *testing.T, app conformance.App) string { return serve(t, cfg, app) },
				Blind:       true,
				ReadAhead:   conformance.ReadsAll,
				Unpipelined: cfg.ReduceMemoryUsage,
				ParsesForms: !cfg.DisablePreParseMultipartForm,
				Error:       func(status int) error { return fiber.NewError(status) },
			}
			if cfg.StreamRequestBody {
				framework.ReadAhead = 8<<10 + 1 // of a body over BodyLimit; of others, one byte less
			}
			conformance.Run(t, framework)
		})
	}
}

func serve(t *testing.T, cfg fiber.Config, app conformance.App) string {
	verify, handler := verifier(app), fiberurlr.Handler(app.Handle)
	cfg.DisableStartupMessage = true
	cfg.ErrorHandler = func(c *fiber.Ctx, err error) error {
		app.OnError(err)
		return fiber.DefaultErrorHandler(c, err)
	}
	f := fiber.New(cfg)
	f.Use(recovery.New())
	switch app.Scope {
	case conformance.OnRoute:
		f.Post(conformance.Path, verify, deduplicate(app), inspect(app), handler)
	case conformance.InGroup:
		f.Group("/webhooks", verify).Post("/urlr", inspect(app), handler)
	case conformance.OnRouter:
		f.Use(verify)
		f.Post(conformance.Path, inspect(app), handler)
	case conformance.Nowhere:
		f.Post(conformance.Path, inspect(app), handler)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan error)
	go func() { done <- f.Listener(listener) }()
	t.Cleanup(func() {
		assert.NoError(t, f.ShutdownWithTimeout(10*time.Second))
		assert.NoError(t, <-done)
	})
	return "http://" + listener.Addr().String()
}

func verifier(app conformance.App) fiber.Handler {
	if !app.Custom() {
		return fiberurlr.Verify(app.Secret, app.Options...)
	}
	cfg := fiberurlr.Config{Verifier: app.Verifier()}
	if app.Skip != nil {
		cfg.Next = func(c *fiber.Ctx) bool {
			return app.Skip(func(name string) string { return c.Get(name) })
		}
	}
	if app.Refuse != nil {
		cfg.ErrorHandler = func(c *fiber.Ctx, err error) error {
			switch status := app.Refuse(err); status {
			case 0:
				return nil
			case conformance.OnlyText:
				return c.SendString("refused")
			default:
				return c.SendStatus(status)
			}
		}
	}
	return fiberurlr.VerifyWithConfig(cfg)
}

func deduplicate(app conformance.App) fiber.Handler {
	if app.Guard == nil {
		return func(c *fiber.Ctx) error { return c.Next() }
	}
	return fiberurlr.Deduplicate(app.Guard)
}

func inspect(app conformance.App) fiber.Handler {
	return func(c *fiber.Ctx) error {
		app.Inspect(c.UserContext(), fiberurlr.Event(c), c.Request().Body())
		return c.Next()
	}
}
