package echourlr_test

import (
	"net/http"
	"testing"

	"github.com/labstack/echo/v4"
	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/echourlr"
	"github.com/urlr-community/webhooks-go/internal/conformance"
)

func TestDeduplicateNeedsAGuard(t *testing.T) {
	assert.Panics(t, func() { echourlr.Deduplicate(nil) })
}

func TestDeduplicateOverNetHTTP(t *testing.T) {
	conformance.RunOverNetHTTP(t, func(secret string, guard *dedupe.Guard, h http.HandlerFunc) http.Handler {
		e := echo.New()
		e.POST(conformance.Path, echo.WrapHandler(h), echourlr.Verify(secret), echourlr.Deduplicate(guard))
		return e
	})
}

func TestDeduplicateBehindProxies(t *testing.T) {
	conformance.RunBehindProxies(t, conformance.Framework{Serve: serve})
}
