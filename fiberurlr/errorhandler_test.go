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

// An ErrorHandler that returns its error leaves the response to the application.
func TestErrorHandlerThatReturnsTheError(t *testing.T) {
	for name, handle := range map[string]func(*fiber.Ctx, error) error{
		"as it is": func(_ *fiber.Ctx, err error) error { return err },
		"wrapped":  func(_ *fiber.Ctx, err error) error { return fmt.Errorf("private: %w", err) },
	} {
		app := fiber.New()
		cfg := fiberurlr.Config{Verifier: core.MustVerifier("secret"), ErrorHandler: handle}
		app.Post("/", fiberurlr.VerifyWithConfig(cfg))
		response, err := app.Test(httptest.NewRequest(http.MethodPost, "/", nil))
		require.NoError(t, err)
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		assert.Equal(t, 401, response.StatusCode, name)
		assert.NotContains(t, string(body), "private")
		assert.NotContains(t, string(body), "urlr:")
	}
}

// A Fiber error of the SecretFunc does not determine the response, whatever its status.
func TestErrorHandlerThatReturnsTheErrorOfASecretFunc(t *testing.T) {
	lookUp := core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) {
		return nil, fiber.NewError(http.StatusOK, "private")
	})
	for want, handle := range map[int]func(*fiber.Ctx, error) error{
		http.StatusServiceUnavailable: func(_ *fiber.Ctx, err error) error { return err },
		http.StatusNotFound: func(_ *fiber.Ctx, err error) error {
			return errors.Join(fiber.ErrNotFound, err)
		},
	} {
		app := fiber.New(fiber.Config{ErrorHandler: func(c *fiber.Ctx, err error) error {
			fiberError, _ := errors.AsType[*fiber.Error](err)
			return c.SendStatus(fiberError.Code)
		}})
		cfg := fiberurlr.Config{Verifier: core.MustVerifier("", lookUp), ErrorHandler: handle}
		app.Post("/", fiberurlr.VerifyWithConfig(cfg))
		response, err := app.Test(urlrtest.NewRequest("/", "secret", urlrtest.NewEvent()))
		require.NoError(t, err)
		defer response.Body.Close()
		assert.Equal(t, want, response.StatusCode)
	}
}
