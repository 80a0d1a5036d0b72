package fiberv3urlr_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/gofiber/fiber/v3"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/fiberv3urlr"
)

// An ErrorHandler that returns its error leaves the response to the application.
func TestErrorHandlerThatReturnsTheError(t *testing.T) {
	for name, handle := range map[string]func(fiber.Ctx, error) error{
		"as it is": func(_ fiber.Ctx, err error) error { return err },
		"wrapped":  func(_ fiber.Ctx, err error) error { return fmt.Errorf("private: %w", err) },
	} {
		app := fiber.New()
		cfg := fiberv3urlr.Config{Verifier: core.MustVerifier("secret"), ErrorHandler: handle}
		app.Post("/", fiberv3urlr.VerifyWithConfig(cfg))
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
