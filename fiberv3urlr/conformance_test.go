package fiberv3urlr_test

import (
	"net"
	"testing"
	"time"

	"github.com/gofiber/fiber/v3"
	recovery "github.com/gofiber/fiber/v3/middleware/recover"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/fiberv3urlr"
	"github.com/urlr-community/webhooks-go/internal/conformance"
)

func TestConformance(t *testing.T) {
	for name, cfg := range map[string]fiber.Config{
		"default":                    {},
		"streamed bodies":            {StreamRequestBody: true},
		"headers not normalized":     {DisableHeaderNormalizing: true},
		"less memory":                {ReduceMemoryUsage: true},
		"streamed, less memory":      {StreamRequestBody: true, ReduceMemoryUsage: true},
		"forms not parsed":           {DisablePreParseMultipartForm: true},
		"streamed, forms not parsed": {StreamRequestBody: true, DisablePreParseMultipartForm: true},
	} {
		t.Run(name, func(t *testing.T) {
			conformance.Run(t, framework(fiber.New, cfg))
		})
	}
}

// A customCtx is an application's custom Ctx.
type customCtx struct{ *fiber.DefaultCtx }

func TestConformanceOfCustomCtx(t *testing.T) {
	newCtx := func(app *fiber.App) fiber.CustomCtx { return &customCtx{fiber.NewDefaultCtx(app)} }
	newApp := func(cfg ...fiber.Config) *fiber.App { return fiber.NewWithCustomCtx(newCtx, cfg...) }
	conformance.Run(t, framework(newApp, fiber.Config{}))
}

func framework(newApp func(...fiber.Config) *fiber.App, cfg fiber.Config) conformance.Framework {
	f := conformance.Framework{
		Serve:       func(t *testing.T, app conformance.App) string { return serve(t, newApp, cfg, app) },
		Blind:       true,
		ReadAhead:   conformance.ReadsAll,
		ParsesForms: !cfg.DisablePreParseMultipartForm,
		Error:       func(status int) error { return fiber.NewError(status) },
	}
	if cfg.StreamRequestBody {
		f.ReadAhead = 8<<10 + 1 // of a body over BodyLimit; of others, one byte less
	}
	return f
}

func serve(t *testing.T, newApp func(...fiber.Config) *fiber.App, cfg fiber.Config, app conformance.App) string {
	verify, handler := verifier(app), fiberv3urlr.Handler(app.Handle)
	cfg.ErrorHandler = func(c fiber.Ctx, err error) error {
		app.OnError(err)
		return fiber.DefaultErrorHandler(c, err)
	}
	f := newApp(cfg)
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
	go func() { done <- f.Listener(listener, quiet) }()
	t.Cleanup(func() {
		assert.NoError(t, f.ShutdownWithTimeout(10*time.Second))
		assert.NoError(t, <-done)
	})
	return "http://" + listener.Addr().String()
}

func verifier(app conformance.App) fiber.Handler {
	if !app.Custom() {
		return fiberv3urlr.Verify(app.Secret, app.Options...)
	}
	cfg := fiberv3urlr.Config{Verifier: app.Verifier()}
	if app.Skip != nil {
		cfg.Next = func(c fiber.Ctx) bool {
			return app.Skip(func(name string) string { return c.Get(name) })
		}
	}
	if app.Refuse != nil {
		cfg.ErrorHandler = func(c fiber.Ctx, err error) error {
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
	return fiberv3urlr.VerifyWithConfig(cfg)
}

func deduplicate(app conformance.App) fiber.Handler {
	if app.Guard == nil {
		return func(c fiber.Ctx) error { return c.Next() }
	}
	return fiberv3urlr.Deduplicate(app.Guard)
}

func inspect(app conformance.App) fiber.Handler {
	return func(c fiber.Ctx) error {
		app.Inspect(c.Context(), fiberv3urlr.Event(c), c.Request().Body())
		return c.Next()
	}
}

var quiet = fiber.ListenConfig{DisableStartupMessage: true}
