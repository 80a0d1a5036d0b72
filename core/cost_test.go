package core

import (
	"bytes"
	"context"
	"hash"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/internal/adversary"
)

// What a forged body costs is bounded, whatever is in it: this counts instead of looking at the clock.
// What the forms cost is tested in package jsondoc.
func TestForgedBodiesAreHashedAtMostThreeTimes(t *testing.T) {
	for _, kind := range adversary.All() {
		body := kind.Body(DefaultMaxBodyBytes)
		v := MustVerifier("secret")
		sum := &countingHash{Hash: newKeyring([]string{"secret"}).states[0]}
		v.keyrings.New = func() any { return &keyring{states: []hash.Hash{sum}} }
		_, err := v.Verify(t.Context(), body, Sign("forged", body))
		require.ErrorIs(t, err, ErrSignatureMismatch, kind.Name)
		assert.LessOrEqual(t, sum.sums, 3, kind.Name)
		assert.LessOrEqual(t, sum.written, 3*len(body)+64<<10, kind.Name)
	}
}

// Without a secret, there is nothing to write a form for.
func TestNoFormIsWrittenWithoutASecret(t *testing.T) {
	v, err := NewVerifier("", WithSecretFunc(func(context.Context, Claim) ([]string, error) { return []string{"\x00"}, nil }))
	require.NoError(t, err)
	d := newDocument([]byte(`{"event":"e"}`))
	defer d.free()
	_, err = v.authenticate(t.Context(), d, mac{}, new(Observation))
	require.ErrorIs(t, err, ErrSignatureMismatch)
	assert.False(t, d.written)
}

// A few large forgeries must not leave large buffers behind.
func TestLargeBuffersAreNotKept(t *testing.T) {
	const size = 16 << 20
	v := MustVerifier("secret", WithMaxBodyBytes(size))
	lookUp, err := NewVerifier("", WithMaxBodyBytes(size),
		WithSecretFunc(func(context.Context, Claim) ([]string, error) { return []string{"secret"}, nil }))
	require.NoError(t, err)
	before := heap()
	for _, item := range []string{`"\u00e9"`, `{"a":{"\u0062":1}}`, `{"label":"` + strings.Repeat("é", 1000) + `"}`, `1`} {
		body := append([]byte(`{"event":"e","link":[`), bytes.Repeat([]byte(item+","), (size-40)/(len(item)+1))...)
		body = append(body, "0]}"...)
		for _, v := range []*Verifier{v, lookUp} {
			_, err := v.Verify(t.Context(), body, Sign("forged", nil))
			require.ErrorIs(t, err, ErrSignatureMismatch)
		}
	}
	label := []byte(`{"event":"` + strings.Repeat(`\u00e9`, size/8) + `"}`)
	_, err = lookUp.Verify(t.Context(), label, Sign("forged", nil))
	require.ErrorIs(t, err, ErrSignatureMismatch)
	assert.Less(t, heap()-before, int64(4<<20))
}

// heap returns how many bytes are in use. What a pool has kept through one collection, it still has.
func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
