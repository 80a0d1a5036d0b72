package ginurlr_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/ginurlr"
	"github.com/urlr-community/webhooks-go/internal/conformance"
)

func TestConformance(t *testing.T) {
	gin.SetMode(gin.TestMode)
	conformance.Run(t, conformance.Framework{Serve: serve, ServeWriter: serveWriter, Problems: true})
}

func serve(t *testing.T, app conformance.App) string {
	verify, handler := verifier(app), ginurlr.Handler(app.Handle)
	r := gin.New()
	r.Use(func(c *gin.Context) {
		c.Next()
		for _, err := range c.Errors {
			app.OnError(err)
		}
	})
	switch app.Scope {
	case conformance.OnRoute:
		r.POST(conformance.Path, verify, deduplicate(app), inspect(app), handler)
	case conformance.InGroup:
		r.Group("/webhooks", verify).POST("/urlr", inspect(app), handler)
	case conformance.OnRouter:
		r.Use(verify)
		r.POST(conformance.Path, inspect(app), handler)
	case conformance.Nowhere:
		r.POST(conformance.Path, inspect(app), handler)
	}
	return conformance.ServeHTTP(t, r)
}

func serveWriter(t *testing.T, secret string, guard *dedupe.Guard, h http.HandlerFunc) string {
	r := gin.New()
	handler := func(c *gin.Context) { h(c.Writer, c.Request) }
	r.POST(conformance.Path, ginurlr.Verify(secret), ginurlr.Deduplicate(guard), handler)
	return conformance.ServeHTTP(t, r)
}

func verifier(app conformance.App) gin.HandlerFunc {
	if !app.Custom() {
		return ginurlr.Verify(app.Secret, app.Options...)
	}
	cfg := ginurlr.Config{Verifier: app.Verifier()}
	if app.Skip != nil {
		cfg.Skipper = func(c *gin.Context) bool { return app.Skip(c.GetHeader) }
	}
	if app.Refuse != nil {
		cfg.ErrorHandler = func(c *gin.Context, err error) {
			switch status := app.Refuse(err); status {
			case 0:
			case conformance.OnlyText:
				_, _ = c.Writer.WriteString("refused")
			default:
				c.Status(status)
			}
		}
	}
	return ginurlr.VerifyWithConfig(cfg)
}

func deduplicate(app conformance.App) gin.HandlerFunc {
	if app.Guard == nil {
		return func(*gin.Context) {}
	}
	return ginurlr.Deduplicate(app.Guard)
}

func inspect(app conformance.App) gin.HandlerFunc {
	return func(c *gin.Context) {
		body, err := io.ReadAll(c.Request.Body)
		if err != nil {
			panic(err)
		}
		app.Inspect(c.Request.Context(), ginurlr.Event(c), body)
	}
}
