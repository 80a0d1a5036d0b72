package core

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"hash"
)

// A keyring is an HMAC state for each secret. Resetting a keyed state costs less than keying a new one.
type keyring struct {
	states []hash.Hash
	sum    mac // working space that would be allocated for each match otherwise
}

func newKeyring(secrets []string) *keyring {
	return new(keyring).with(secrets)
}

// with returns a keyring that has these secrets too. An empty secret would accept what anybody can compute, so it is left out.
func (k *keyring) with(secrets []string) *keyring {
	states := k.states[:len(k.states):len(k.states)]
	for _, secret := range secrets {
		if !isBlank(secret) {
			states = append(states, hmac.New(sha256.New, []byte(secret)))
		}
	}
	return &keyring{states: states}
}

// match returns the index of the first key that gives data the MAC want, or -1. It tries every key whichever matches, and
// compares in constant time, so that its duration tells nothing about either.
func (k *keyring) match(data []byte, want *mac) int {
	found := -1
	for i := len(k.states) - 1; i >= 0; i-- {
		h := k.states[i]
		h.Reset()
		h.Write(data)
		equal := subtle.ConstantTimeCompare(h.Sum(k.sum[:0]), want[:])
		found = subtle.ConstantTimeSelect(equal, i, found)
	}
	return found
}
