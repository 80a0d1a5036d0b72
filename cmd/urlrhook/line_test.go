package main

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/cmd/urlrhook/internal/store"
)

// A line sends its reader to show only where that has more to say.
func TestLineLeadsToAnExplanation(t *testing.T) {
	d := store.Delivery{ID: 4, Verdict: store.Refused, Body: []byte("body"), Length: 4}
	assert.Contains(t, line(&d, ""), "urlrhook show 4 explains it")
	for _, length := range []int64{100_000, -1} {
		d.Length = length
		assert.NotContains(t, line(&d, ""), "explains", "of a body that was over the limit")
	}
	d = store.Delivery{Verdict: store.Authentic}
	assert.NotContains(t, line(&d, ""), "explains")
}
