package core

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"hash"
)

// A keyring is an HMAC state for each secret. Resetting a keyed state costs less than keying a new one.
type keyring []hash.Hash

// with returns a keyring that has the secrets too. An empty secret would accept what anybody can compute, so it is left out.
func (k keyring) with(secrets []string) keyring {
	k = k[:len(k):len(k)]
	for _, secret := range secrets {
		if secret != "" {
			k = append(k, hmac.New(sha256.New, []byte(secret)))
		}
	}
	return k
}

// match returns the index of the first key that gives data the MAC want, or -1. It tries every key whichever matches, and
// compares in constant time, so that its duration tells nothing about either. sum is working space.
func (k keyring) match(data []byte, want, sum *mac) int {
	found := -1
	for i := len(k) - 1; i >= 0; i-- {
		k[i].Reset()
		k[i].Write(data)
		equal := subtle.ConstantTimeCompare(k[i].Sum(sum[:0]), want[:])
		found = subtle.ConstantTimeSelect(equal, i, found)
	}
	return found
}
