package core

import (
	"bytes"
	"context"
	"fmt"
	"hash"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/internal/adversary"
)

// The cost of a forged body is bounded, whatever it contains. This test counts operations instead
// of measuring time. Package jsondoc tests the cost of the forms.
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

// The cost of reading an unverified claim for a SecretFunc is bounded too.
func TestClaimsOfForgedBodies(t *testing.T) {
	v, err := NewVerifier(
		"",
		WithSecretFunc(func(context.Context, Claim) ([]string, error) { return []string{"secret"}, nil }),
	)
	require.NoError(t, err)
	for _, kind := range adversary.All() {
		body := kind.Body(DefaultMaxBodyBytes)
		forged := Sign("forged", body)
		allocations := testing.AllocsPerRun(1, func() {
			_, err := v.Verify(t.Context(), body, forged)
			assert.ErrorIs(t, err, ErrSignatureMismatch)
		})
		assert.LessOrEqual(t, allocations, 300.0, kind.Name)
	}
}

// A body may repeat a field more often than there are fields.
func TestRepeatedFields(t *testing.T) {
	for _, member := range []string{
		`"event":"e"`, `"link":{}`, `"link":{"id":"x"}`, `"is_qrcode":true`, `"is_unique":false`, `"isBot":true`,
		`"country":"x"`, `"region":"x"`, `"city":"x"`,
		`"system":"x"`, `"browser":"x"`, `"referer":"x"`, `"timestamp":5e-324`,
	} {
		requireDuplicate(t, `{"event":"e",`+strings.Repeat(member+",", 100)+member+`}`)
		requireDuplicate(t, `{"event":"e",`+member+`,"x":[],`+member+`}`)
	}
	for _, member := range []string{
		`"id":"x"`, `"code":"x"`, `"label":"x"`, `"workspace_id":"x"`, `"team_id":"x"`, `"folder_id":"x"`,
		`"team":5e-324`, `"folder":1`,
	} {
		requireDuplicate(t, `{"event":"e","link":{`+strings.Repeat(member+",", 100)+member+`}}`)
	}
}

func requireDuplicate(t *testing.T, body string) {
	t.Helper()
	_, err := MustVerifier("secret").Verify(t.Context(), []byte(body), Sign("secret", []byte(body)))
	require.ErrorIs(t, err, ErrMalformedEvent, body)
	require.ErrorContains(t, err, "twice", body)
}

func TestDriftIsBounded(t *testing.T) {
	body := `{"event":"e"`
	for i := range 1000 {
		body += fmt.Sprintf(`,"x%d":"\ud800"`, i)
	}
	e, err := MustVerifier("secret").Verify(t.Context(), []byte(body+"}"), Sign("secret", []byte(body+"}")))
	require.NoError(t, err)
	assert.Len(t, e.Drift(), maxDrift)
}

// Without a secret, no form is computed.
func TestNoFormIsWrittenWithoutASecret(t *testing.T) {
	v, err := NewVerifier(
		"",
		WithSecretFunc(func(context.Context, Claim) ([]string, error) { return []string{"\x00"}, nil }),
	)
	require.NoError(t, err)
	d := newDocument([]byte(`{"event":"e"}`))
	defer d.free()
	_, err = v.authenticate(t.Context(), d, mac{}, new(Observation))
	require.ErrorIs(t, err, ErrSignatureMismatch)
	assert.False(t, d.written)
}

// Large forgeries must not leave large buffers in the pools.
func TestLargeBuffersAreNotKept(t *testing.T) {
	const size = 16 << 20
	list := func(open, item, end string) []byte {
		body := append([]byte(open), bytes.Repeat([]byte(item+","), (size-len(open)-len(end)-1)/(len(item)+1))...)
		return append(append(body, '0'), end...)
	}
	names := []byte(`{"event":"e"`)
	for i := 0; len(names) < size-20; i++ {
		names = fmt.Appendf(names, `,"\u0061%d":0`, i)
	}
	for name, body := range map[string][]byte{
		"forms":   []byte(`"é` + strings.Repeat("x", size-4) + `"`),
		"objects": list(`{"event":"e","x":[`, `{"a":{"\u0062":1}}`, "]}"),
		"names":   append(names, '}'),
		"values":  []byte(`{"event":"` + strings.Repeat(`\u00e9`, size/8) + `"}`),
	} {
		for _, lookUp := range []bool{false, true} {
			opts := []Option{WithMaxBodyBytes(size)}
			if lookUp {
				opts = append(
					opts,
					WithSecretFunc(func(context.Context, Claim) ([]string, error) { return []string{"secret"}, nil }),
				)
			}
			v := MustVerifier("secret", opts...)
			heap()
			before := heap()
			_, err := v.Verify(t.Context(), body, Sign("forged", nil))
			require.ErrorIs(t, err, ErrSignatureMismatch)
			assert.Less(t, heap()-before, int64(1<<20), "%s, SecretFunc: %v", name, lookUp)
		}
	}
}

// heap returns the number of bytes in use. Two collections clear what earlier tests left in pools.
// The pooled memory of this test survives the first collection, so it is counted after one.
func heap() int64 {
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}
