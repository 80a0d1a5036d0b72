package echourlr_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/echourlr"
	"github.com/urlr-community/webhooks-go/internal/conformance"
)

func TestConformance(t *testing.T) {
	conformance.Run(t, conformance.Framework{Serve: serve, ServeWriter: serveWriter, Error: newError})
}

// Echo's debug mode responds with the text of errors. Even then, no cause may show.
func TestConformanceInDebugMode(t *testing.T) {
	conformance.Run(t, conformance.Framework{Error: newError, Serve: func(t *testing.T, app conformance.App) string {
		e := newEcho(t, app)
		e.Debug = true
		return conformance.ServeHTTP(t, e)
	}})
}

func newError(status int) error { return echo.NewHTTPError(status) }

func serve(t *testing.T, app conformance.App) string {
	return conformance.ServeHTTP(t, newEcho(t, app))
}

func serveWriter(t *testing.T, secret string, guard *dedupe.Guard, h http.HandlerFunc) string {
	e := echo.New()
	handler := func(c echo.Context) error {
		h(c.Response(), c.Request())
		return nil
	}
	e.POST(conformance.Path, handler, echourlr.Verify(secret), echourlr.Deduplicate(guard))
	return conformance.ServeHTTP(t, e)
}

func newEcho(t *testing.T, app conformance.App) *echo.Echo {
	verify, handler := verifier(app), echourlr.Handler(app.Handle)
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		var httpError *echo.HTTPError
		require.ErrorAs(t, err, &httpError)
		app.OnError(err)
		e.DefaultHTTPErrorHandler(err, c)
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
		return echourlr.Verify(app.Secret, app.Options...)
	}
	cfg := echourlr.Config{Verifier: app.Verifier()}
	if app.Skip != nil {
		cfg.Skipper = func(c echo.Context) bool { return app.Skip(c.Request().Header.Get) }
	}
	if app.Refuse != nil {
		cfg.ErrorHandler = func(c echo.Context, err error) error {
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
	return echourlr.VerifyWithConfig(cfg)
}

func deduplicate(app conformance.App) echo.MiddlewareFunc {
	if app.Guard == nil {
		return func(next echo.HandlerFunc) echo.HandlerFunc { return next }
	}
	return echourlr.Deduplicate(app.Guard)
}

func inspect(app conformance.App) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			body, err := io.ReadAll(c.Request().Body)
			if err != nil {
				return err
			}
			app.Inspect(c.Request().Context(), echourlr.Event(c), body)
			return next(c)
		}
	}
}
