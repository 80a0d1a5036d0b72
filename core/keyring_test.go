package core

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"testing"

	"github.com/stretchr/testify/assert"
)

// If match stopped at the matching key, its duration would reveal which one is in use.
func TestEveryKeyIsTried(t *testing.T) {
	body := []byte("body")
	secrets := []string{"a", "b", "c"}
	for i, secret := range append(secrets, "none") {
		keys := newKeyring(secrets)
		sums := make([]countingHash, len(secrets))
		for j := range keys.states {
			sums[j].Hash = keys.states[j]
			keys.states[j] = &sums[j]
		}
		want := macOf(secret, body)
		found := keys.match(body, &want)
		if secret == "none" {
			i = -1
		}
		assert.Equal(t, i, found)
		for j := range sums {
			assert.Equal(t, 1, sums[j].sums, "key %d", j)
			assert.Equal(t, len(body), sums[j].written, "key %d", j)
		}
	}
}

func TestFirstMatchingKey(t *testing.T) {
	want := macOf("b", nil)
	assert.Equal(t, 1, newKeyring([]string{"a", "b", "c", "b"}).match(nil, &want))
}

func TestEmptySecretsAreNoKeys(t *testing.T) {
	want := macOf("", nil)
	assert.Equal(t, -1, newKeyring([]string{"", ""}).match(nil, &want))
	assert.Equal(t, -1, newKeyring([]string{"a"}).with([]string{""}).match(nil, &want))
}

func macOf(secret string, data []byte) (m mac) {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write(data)
	return mac(h.Sum(nil))
}

type countingHash struct {
	hash.Hash
	written, sums int
}

func (h *countingHash) Write(p []byte) (int, error) {
	h.written += len(p)
	return h.Hash.Write(p)
}

func (h *countingHash) Sum(b []byte) []byte {
	h.sums++
	return h.Hash.Sum(b)
}
