//go:build !race

// The race detector makes pools forget, so allocations can't be counted with it.

package otelurlr_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

func TestVerificationAllocatesNothing(t *testing.T) {
	tel := newTelemetry(t)
	accepted, refused := verifications(t)
	assert.Zero(t, testing.AllocsPerRun(100, func() { tel.Verification(t.Context(), accepted) }))
	assert.Zero(t, testing.AllocsPerRun(100, func() { tel.Verification(t.Context(), refused) }))

	plain := core.MustVerifier(secret)
	observed := core.MustVerifier(secret, core.WithObserver(tel.Verification))
	body := urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest)
	signature := core.Sign(secret, body)
	allocations := func(v *core.Verifier) float64 {
		return testing.AllocsPerRun(100, func() { _, _ = v.Verify(t.Context(), body, signature) })
	}
	assert.Equal(t, allocations(plain), allocations(observed)) //nolint:testifylint // they are whole numbers
}
