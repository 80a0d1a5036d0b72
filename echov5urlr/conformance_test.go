package echov5urlr_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/labstack/echo/v5"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/echov5urlr"
	"github.com/urlr-community/webhooks-go/internal/conformance"
)

func TestConformance(t *testing.T) {
	conformance.Run(t, conformance.Framework{Serve: serve, ServeWriter: serveWriter, Error: newHTTPError})
}

// No cause may show in the responses of error handlers that expose errors either.
func TestConformanceWithOtherErrorHandlers(t *testing.T) {
	for name, test := range map[string]struct {
		handler  echo.HTTPErrorHandler
		problems bool
		newError func(status int) error
	}{
		"default, exposing":         {echo.DefaultHTTPErrorHandler(true), false, newHTTPError},
		"problem details":           {echo.ProblemDetailsHTTPErrorHandler(false), true, newProblemError},
		"problem details, exposing": {echo.ProblemDetailsHTTPErrorHandler(true), true, newProblemError},
	} {
		t.Run(name, func(t *testing.T) {
			serve := func(t *testing.T, app conformance.App) string {
				return conformance.ServeHTTP(t, newEcho(t, app, test.handler))
			}
			conformance.Run(t, conformance.Framework{Serve: serve, Problems: test.problems, Error: test.newError})
		})
	}
}

// Middleware may hide Echo's response.
func TestConformanceWithForeignWriter(t *testing.T) {
	hidden := func(t *testing.T, app conformance.App) string {
		e := newEcho(t, app, echo.DefaultHTTPErrorHandler(false))
		e.Pre(withForeignWriter)
		return conformance.ServeHTTP(t, e)
	}
	conformance.Run(t, conformance.Framework{Error: newHTTPError, Serve: hidden})
}

func newHTTPError(status int) error { return echo.NewHTTPError(status, "") }

func newProblemError(status int) error { return &echo.ProblemError{Status: status} }

func serve(t *testing.T, app conformance.App) string {
	return conformance.ServeHTTP(t, newEcho(t, app, echo.DefaultHTTPErrorHandler(false)))
}

func serveWriter(t *testing.T, secret string, guard *dedupe.Guard, h http.HandlerFunc) string {
	e := echo.New()
	handler := func(c *echo.Context) error {
		h(c.Response(), c.Request())
		return nil
	}
	e.POST(conformance.Path, handler, echov5urlr.Verify(secret), echov5urlr.Deduplicate(guard))
	return conformance.ServeHTTP(t, e)
}

func newEcho(t *testing.T, app conformance.App, handle echo.HTTPErrorHandler) *echo.Echo {
	verify, handler := verifier(app), echov5urlr.Handler(app.Handle)
	e := echo.New()
	e.HTTPErrorHandler = func(c *echo.Context, err error) {
		var httpError *echo.HTTPError
		require.ErrorAs(t, err, &httpError)
		app.OnError(err)
		handle(c, err)
	}
	switch app.Scope {
	case conformance.OnRoute:
		e.POST(conformance.Path, handler, verify, deduplicate(app), inspect(app))
	case conformance.InGroup:
		e.Group("/webhooks", verify).POST("/urlr", handler, inspect(app))
	case conformance.OnRouter:
		e.Use(verify)
		e.POST(conformance.Path, handler, inspect(app))
	case conformance.Nowhere:
		e.POST(conformance.Path, handler, inspect(app))
	}
	return e
}

func verifier(app conformance.App) echo.MiddlewareFunc {
	if !app.Custom() {
		return echov5urlr.Verify(app.Secret, app.Options...)
	}
	cfg := echov5urlr.Config{Verifier: app.Verifier()}
	if app.Skip != nil {
		cfg.Skipper = func(c *echo.Context) bool { return app.Skip(c.Request().Header.Get) }
	}
	if app.Refuse != nil {
		cfg.ErrorHandler = func(c *echo.Context, err error) error {
			switch status := app.Refuse(err); status {
			case 0:
				return nil
			case conformance.OnlyText:
				_, err := io.WriteString(c.Response(), "refused")
				return err
			default:
				return c.NoContent(status)
			}
		}
	}
	return echov5urlr.VerifyWithConfig(cfg)
}

func deduplicate(app conformance.App) echo.MiddlewareFunc {
	if app.Guard == nil {
		return func(next echo.HandlerFunc) echo.HandlerFunc { return next }
	}
	return echov5urlr.Deduplicate(app.Guard)
}

func inspect(app conformance.App) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c *echo.Context) error {
			body, err := io.ReadAll(c.Request().Body)
			if err != nil {
				return err
			}
			app.Inspect(c.Request().Context(), echov5urlr.Event(c), body)
			return next(c)
		}
	}
}
