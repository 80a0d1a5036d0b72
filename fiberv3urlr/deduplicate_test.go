package fiberv3urlr_test

import (
	"testing"

	"github.com/gofiber/fiber/v3"
	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/fiberv3urlr"
	"github.com/urlr-community/webhooks-go/internal/conformance"
)

func TestDeduplicateNeedsAGuard(t *testing.T) {
	assert.Panics(t, func() { fiberv3urlr.Deduplicate(nil) })
}

func TestDeduplicateBehindProxies(t *testing.T) {
	conformance.RunBehindProxies(t, conformance.Framework{Blind: true, Serve: func(t *testing.T, app conformance.App) string {
		return serve(t, fiber.Config{}, app)
	}})
}
