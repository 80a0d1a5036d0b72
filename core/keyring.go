package core

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"hash"
	"slices"

	"github.com/urlr-community/webhooks-go/internal/hmackey"
)

// A keyring holds an HMAC state for each secret. Resetting a keyed state is cheaper than keying a
// new one.
type keyring struct {
	states []hash.Hash
	sum    mac // scratch space, to save an allocation for each match
}

func newKeyring(secrets []string) *keyring {
	return new(keyring).with(secrets)
}

// with returns a keyring that also has these secrets, except blank ones: anyone can sign with an
// empty secret.
func (k *keyring) with(secrets []string) *keyring {
	states := k.states[:len(k.states):len(k.states)]
	for _, secret := range secrets {
		if isUsable(secret) {
			states = append(states, hmac.New(sha256.New, []byte(secret)))
		}
	}
	return &keyring{states: states}
}

func isUsable(secret string) bool { return !hmackey.IsBlank(secret) }

// match returns the index of the first key whose MAC of data is want, or -1. It tries every key,
// whichever matches, and compares in constant time, so that its duration reveals neither.
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

// matchForms returns the first form of d for which a key gives the MAC want: the body itself for
// FormRaw, a copy for the other forms. FormRaw comes first because it needs no parsing. A form
// equal to one already tried needs no second MAC: URLR's bodies are already in the PHP form and,
// without accents, in the JS form.
func (k *keyring) matchForms(forms []Form, d *document, want mac, o *Observation) (authentic []byte, found bool) {
	var tried [3][]byte
	for n, form := range forms {
		candidate, err := d.form(form)
		if err != nil || slices.ContainsFunc(tried[:n], func(b []byte) bool { return bytes.Equal(b, candidate) }) {
			continue
		}
		tried[n] = candidate
		if i := k.match(candidate, &want); i >= 0 {
			o.Form, o.SecretIndex = form, i
			if form != FormRaw {
				candidate = slices.Clip(bytes.Clone(candidate))
			}
			return candidate, true
		}
	}
	return nil, false
}
