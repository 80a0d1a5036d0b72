//go:build !race

// The race detector makes pools forget, so allocations can't be counted with it.

package core_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/core"
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
