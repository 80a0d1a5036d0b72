package fiberurlr_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/fiberurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// An ErrorHandler that returns the error it got leaves the answer to the application.
func TestErrorHandlerThatReturnsTheError(t *testing.T) {
	for name, handle := range map[string]func(*fiber.Ctx, error) error{
		"as it is": func(_ *fiber.Ctx, err error) error { return err },
		"wrapped":  func(_ *fiber.Ctx, err error) error { return fmt.Errorf("private: %w", err) },
	} {
		app := fiber.New()
		app.Post("/", fiberurlr.VerifyWithConfig(fiberurlr.Config{Verifier: core.MustVerifier("secret"), ErrorHandler: handle}))
		answer, err := app.Test(httptest.NewRequest(http.MethodPost, "/", nil))
		require.NoError(t, err)
		defer answer.Body.Close()
		body, err := io.ReadAll(answer.Body)
		require.NoError(t, err)
		assert.Equal(t, 401, answer.StatusCode, name)
		assert.NotContains(t, string(body), "private")
		assert.NotContains(t, string(body), "urlr:")
	}
}

// An error of Fiber's that the SecretFunc returned does not answer, whatever its status.
func TestErrorHandlerThatReturnsTheErrorOfASecretFunc(t *testing.T) {
	lookUp := core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) {
		return nil, fiber.NewError(http.StatusOK, "private")
	})
	for want, handle := range map[int]func(*fiber.Ctx, error) error{
		http.StatusServiceUnavailable: func(_ *fiber.Ctx, err error) error { return err },
		http.StatusNotFound:           func(_ *fiber.Ctx, err error) error { return errors.Join(fiber.ErrNotFound, err) },
	} {
		app := fiber.New(fiber.Config{ErrorHandler: func(c *fiber.Ctx, err error) error {
			fiberError, _ := errors.AsType[*fiber.Error](err)
			return c.SendStatus(fiberError.Code)
		}})
		cfg := fiberurlr.Config{Verifier: core.MustVerifier("", lookUp), ErrorHandler: handle}
		app.Post("/", fiberurlr.VerifyWithConfig(cfg))
		answer, err := app.Test(urlrtest.NewRequest("/", "secret", urlrtest.NewEvent()))
		require.NoError(t, err)
		defer answer.Body.Close()
		assert.Equal(t, want, answer.StatusCode)
	}
}
