package echov5urlr_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/labstack/echo/v5"
	"github.com/labstack/echo/v5/middleware"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/echov5urlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// A statusError implements everything that Echo's error handlers look for in an error.
type statusError int

func (e statusError) Error() string { return "dial tcp 10.0.0.7: refused" }

func (e statusError) StatusCode() int { return int(e) }

func (e statusError) ProblemError() *echo.ProblemError { return &echo.ProblemError{Status: int(e)} }

func (e statusError) MarshalJSON() ([]byte, error) { return []byte(`"` + e.Error() + `"`), nil }

// An error of a user's function must not turn a failure into an acknowledgment, whatever Echo finds
// in it, and must not show.
func TestErrorsDoNotRespond(t *testing.T) {
	errorHandlers := map[string]echo.HTTPErrorHandler{
		"default":                   echo.DefaultHTTPErrorHandler(false),
		"default, exposing":         echo.DefaultHTTPErrorHandler(true),
		"problem details":           echo.ProblemDetailsHTTPErrorHandler(false),
		"problem details, exposing": echo.ProblemDetailsHTTPErrorHandler(true),
	}
	const private = "10.0.0.7"
	for name, cause := range map[string]error{
		"HTTPError":       echo.NewHTTPError(http.StatusOK, private),
		"wrapping":        echo.NewHTTPError(http.StatusAccepted, private).Wrap(errors.New(private)),
		"ProblemError":    &echo.ProblemError{Status: http.StatusNoContent, Detail: private},
		"HTTPStatusCoder": statusError(http.StatusNoContent),
		"refusal":         core.ErrSignatureMismatch,
		"redirection":     echo.NewHTTPError(http.StatusFound, private),
		"joined":          errors.Join(echo.ErrNotFound, &echo.ProblemError{Status: 200}, statusError(200)),
	} {
		for want, err := range map[int]error{
			http.StatusInternalServerError: fmt.Errorf("%s: %w", private, cause),
			http.StatusServiceUnavailable:  errors.Join(cause, core.ErrUnavailable),
		} {
			for handlerName, errorHandler := range errorHandlers {
				t.Run(fmt.Sprint(name, ", ", want, ", ", handlerName), func(t *testing.T) {
					got := responseTo(t, errorHandler, echov5urlr.Verify(secret), err)
					assert.Equal(t, want, got.Code)
					assert.NotContains(t, got.Body.String(), private)

					lookUp := func(context.Context, core.Claim) ([]string, error) { return nil, err }
					verify := echov5urlr.Verify("", core.WithSecretFunc(lookUp))
					got = responseTo(t, errorHandler, verify, nil)
					assert.Equal(t, http.StatusServiceUnavailable, got.Code)
					assert.NotContains(t, got.Body.String(), private)
				})
			}
		}
	}
}

// responseTo sends a delivery to a handler that returns err, within Echo middleware that inspects
// errors.
func responseTo(
	t *testing.T, errorHandler echo.HTTPErrorHandler, verify echo.MiddlewareFunc, err error,
) *httptest.ResponseRecorder {
	t.Helper()
	e := echo.New()
	e.HTTPErrorHandler = errorHandler
	logged := middleware.RequestLoggerWithConfig(middleware.RequestLoggerConfig{
		HandleError: true,
		LogStatus:   true,
		LogValuesFunc: func(_ *echo.Context, v middleware.RequestLoggerValues) error {
			assert.Equal(t, core.StatusCode(v.Error), v.Status)
			return nil
		},
	})
	handler := echov5urlr.Handler(func(context.Context, *core.Event) error { return err })
	e.POST("/", handler, logged, verify)
	w := httptest.NewRecorder()
	e.ServeHTTP(w, urlrtest.NewRequest("/", secret, urlrtest.NewEvent()))
	return w
}

// The error is an [*echo.HTTPError] that wraps its cause.
func TestErrorIsEchos(t *testing.T) {
	e := echo.New()
	cause := errors.New("disk full")
	e.HTTPErrorHandler = func(_ *echo.Context, err error) {
		var httpError *echo.HTTPError
		require.ErrorAs(t, err, &httpError)
		assert.Same(t, err, error(httpError))
		assert.Equal(t, http.StatusInternalServerError, httpError.Code)
		assert.ErrorIs(t, err, cause)
		assert.NotContains(t, err.Error(), "disk full")
	}
	handler := echov5urlr.Handler(func(context.Context, *core.Event) error { return cause })
	e.POST("/", handler, echov5urlr.Verify(secret))
	e.ServeHTTP(httptest.NewRecorder(), urlrtest.NewRequest("/", secret, urlrtest.NewEvent()))
}
