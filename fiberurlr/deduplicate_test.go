package fiberurlr_test

import (
	"testing"

	"github.com/gofiber/fiber/v2"
	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/fiberurlr"
	"github.com/urlr-community/webhooks-go/internal/conformance"
)

func TestDeduplicateNeedsAGuard(t *testing.T) {
	assert.Panics(t, func() { fiberurlr.Deduplicate(nil) })
}

func TestDeduplicateBehindProxies(t *testing.T) {
	serve := func(t *testing.T, app conformance.App) string { return serve(t, fiber.Config{}, app) }
	conformance.RunBehindProxies(t, conformance.Framework{Blind: true, Serve: serve})
}
