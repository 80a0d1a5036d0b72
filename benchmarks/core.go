package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"

	"github.com/urlr-community/webhooks-go/core"
)

// limitCase is the least any verification must do: a reused, keyed HMAC over the bytes, and a
// comparison.
func limitCase(name string, data []byte) benchCase {
	state := hmac.New(sha256.New, []byte(secret))
	want, err := hex.DecodeString(core.Sign(secret, data))
	sum := make([]byte, 0, sha256.Size)
	return benchCase{name, func() error {
		state.Reset()
		state.Write(data)
		if err != nil || subtle.ConstantTimeCompare(state.Sum(sum), want) != 1 {
			return errors.New("signature mismatch")
		}
		return nil
	}}
}

func coreCases() []benchCase {
	ctx := context.Background()
	verifier := core.MustVerifier(secret)
	verify := func(data []byte, form core.Form) func() error {
		return func() error {
			e, err := verifier.Verify(ctx, data, signature)
			if err == nil && (e.Form() != form || e.Link.Code != "yBPhx") {
				return errors.New("unexpected event")
			}
			return err
		}
	}
	return []benchCase{
		limitCase("limit", body),
		{"Authenticate", func() error {
			authentic, _, err := verifier.Authenticate(ctx, body, signature)
			if !bytes.Equal(authentic, body) {
				return errors.New("unexpected bytes")
			}
			return err
		}},
		{"Verify", verify(body, core.FormRaw)},
		{"Verify, re-encoded body", verify(reencoded, core.FormPHP)},
		{"Verify, forged signature", func() error { return reject(verifier, body) }},
	}
}
