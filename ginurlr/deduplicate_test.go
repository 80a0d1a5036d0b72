package ginurlr_test

import (
	"net/http"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/ginurlr"
	"github.com/urlr-community/webhooks-go/internal/conformance"
)

func TestDeduplicateNeedsAGuard(t *testing.T) {
	assert.Panics(t, func() { ginurlr.Deduplicate(nil) })
}

func TestDeduplicateOverNetHTTP(t *testing.T) {
	conformance.RunOverNetHTTP(t, func(secret string, guard *dedupe.Guard, h http.HandlerFunc) http.Handler {
		r := gin.New()
		r.POST(conformance.Path, ginurlr.Verify(secret), ginurlr.Deduplicate(guard), gin.WrapF(h))
		return r
	})
}

func TestDeduplicateBehindProxies(t *testing.T) {
	conformance.RunBehindProxies(t, conformance.Framework{Serve: serve, Problems: true})
}
