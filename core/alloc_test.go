//go:build !race

// The race detector makes pools drop items at random, so allocations can't be counted with it.

package core_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/adversary"
)

func TestAllocations(t *testing.T) {
	v := core.MustVerifier(secret, core.WithSecrets("old"))
	body := []byte(bodyMay2026)
	signature := core.Sign("old", body)
	assert.Zero(t, testing.AllocsPerRun(100, func() { _, _, _ = v.Authenticate(t.Context(), body, signature) }))
	assert.LessOrEqual(t, testing.AllocsPerRun(100, func() { _, _ = v.Verify(t.Context(), body, signature) }), 4.0)
	forged := core.Sign("forged", body)
	assert.Zero(t, testing.AllocsPerRun(100, func() { _, _ = v.Verify(t.Context(), body, forged) }))
}

// Refusing a forged body takes few allocations, however odd its numbers are.
func TestAllocationsOfForgedBodies(t *testing.T) {
	v := core.MustVerifier(secret)
	for _, kind := range adversary.All() {
		body := kind.Body(core.DefaultMaxBodyBytes)
		forged := core.Sign("forged", body)
		assert.LessOrEqual(
			t,
			testing.AllocsPerRun(1, func() { _, _ = v.Verify(t.Context(), body, forged) }),
			100.0,
			kind.Name,
		)
	}
}
