package echourlr_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/echourlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// An ErrorHandler that returns its error leaves the response to the application.
func TestErrorHandlerThatReturnsTheError(t *testing.T) {
	for name, handle := range map[string]func(echo.Context, error) error{
		"as it is": func(_ echo.Context, err error) error { return err },
		"wrapped":  func(_ echo.Context, err error) error { return fmt.Errorf("private: %w", err) },
	} {
		e := echo.New()
		e.POST("/", func(echo.Context) error { return nil },
			echourlr.VerifyWithConfig(echourlr.Config{Verifier: core.MustVerifier("secret"), ErrorHandler: handle}))
		w := httptest.NewRecorder()
		e.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
		assert.Equal(t, 401, w.Code, name)
		assert.NotContains(t, w.Body.String(), "private")
		assert.NotContains(t, w.Body.String(), "urlr:")
	}
}

// An Echo error of the SecretFunc does not determine the response, whatever its status.
func TestErrorHandlerThatReturnsTheErrorOfASecretFunc(t *testing.T) {
	lookUp := core.WithSecretFunc(func(context.Context, core.Claim) ([]string, error) {
		return nil, echo.NewHTTPError(http.StatusOK, "private")
	})
	for want, handle := range map[int]func(echo.Context, error) error{
		http.StatusServiceUnavailable: func(_ echo.Context, err error) error { return err },
		http.StatusNotFound: func(_ echo.Context, err error) error {
			return errors.Join(echo.ErrNotFound, err)
		},
	} {
		e := echo.New()
		e.HTTPErrorHandler = func(err error, c echo.Context) {
			httpError, _ := errors.AsType[*echo.HTTPError](err)
			assert.NoError(t, c.NoContent(httpError.Code))
		}
		cfg := echourlr.Config{Verifier: core.MustVerifier("", lookUp), ErrorHandler: handle}
		e.POST("/", func(echo.Context) error { return nil }, echourlr.VerifyWithConfig(cfg))
		w := httptest.NewRecorder()
		e.ServeHTTP(w, urlrtest.NewRequest("/", "secret", urlrtest.NewEvent()))
		assert.Equal(t, want, w.Code)
	}
}
