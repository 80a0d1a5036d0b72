package echourlr_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/echourlr"
)

// An ErrorHandler that returns the error it got leaves the answer to the application.
func TestErrorHandlerThatReturnsTheError(t *testing.T) {
	for name, handle := range map[string]func(echo.Context, error) error{
		"as it is": func(_ echo.Context, err error) error { return err },
		"wrapped":  func(_ echo.Context, err error) error { return fmt.Errorf("private: %w", err) },
	} {
		e := echo.New()
		e.POST("/", func(echo.Context) error { return nil },
			echourlr.VerifyWithConfig(echourlr.Config{Verifier: core.MustVerifier("secret"), ErrorHandler: handle}))
		answer := httptest.NewRecorder()
		e.ServeHTTP(answer, httptest.NewRequest(http.MethodPost, "/", nil))
		assert.Equal(t, 401, answer.Code, name)
		assert.NotContains(t, answer.Body.String(), "private")
		assert.NotContains(t, answer.Body.String(), "urlr:")
	}
}
