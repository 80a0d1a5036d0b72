package main

import (
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// BenchmarkAdversarial refuses each kind of forged body of the largest size, beside the HMAC of as many bytes.
func BenchmarkAdversarial(b *testing.B) {
	for _, f := range forgedRequests() {
		b.Run(f.name, f.bench)
	}
}

// A kind that is not what it says would make the library look good.
func TestAdversaries(t *testing.T) {
	seen := map[string]bool{}
	for _, kind := range adversaries() {
		assert.False(t, seen[kind.name], "twice: %s", kind.name)
		seen[kind.name] = true
		for _, size := range forgedSizes {
			if b := kind.body(size); b != nil || size == forgedSizes[len(forgedSizes)-1] {
				assert.Len(t, b, size, kind.name)
				assert.Equal(t, !kind.broken, jsontext.Value(b).IsValid(), "%s: %.100q", kind.name, b)
			}
		}
	}
}

func TestForgedRequestsAreRefused(t *testing.T) {
	for _, f := range forgedRequests() {
		require.NoError(t, f.run(), f.kind)
	}
}
