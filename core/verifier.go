package core

import (
	"bytes"
	"context"
	"crypto/sha256"
	"sync"
	"time"
)

// A Verifier tells authentic deliveries from others. Make one with [NewVerifier] and share it: it is safe for
// concurrent use.
type Verifier struct {
	settings
	scratches sync.Pool // of *scratch
}

// NewVerifier returns a verifier that accepts deliveries signed with secret, the secret key of a folder at URLR.
// An empty secret is an error, unless [WithSecretFunc] looks secrets up; so is an option with an impossible value.
func NewVerifier(secret string, opts ...Option) (*Verifier, error) {
	s, err := newSettings(secret, opts)
	if err != nil {
		return nil, err
	}
	secrets := s.secrets
	s.secrets = nil // only the closure below has them, so that printing a Verifier does not
	v := &Verifier{settings: *s}
	v.scratches.New = func() any { return newScratch(secrets) }
	return v, nil
}

// MustVerifier is like [NewVerifier] but panics instead of returning an error. It is for set-up code: a program that can't
// verify must not start.
func MustVerifier(secret string, opts ...Option) *Verifier {
	v, err := NewVerifier(secret, opts...)
	if err != nil {
		panic(err)
	}
	return v
}

// Verify checks signature, the value of the x-signature header, against body and returns the event, decoded from exactly
// the bytes that the signature authenticates. It keeps no reference to body.
//
// The errors are [ErrNoSignature], [ErrMalformedSignature], [ErrBodyTooLarge], [ErrSecretUnavailable],
// [ErrSignatureMismatch], [ErrMalformedEvent] and [ErrExpired].
func (v *Verifier) Verify(ctx context.Context, body []byte, signature string) (*Event, error) {
	o, start := v.begin()
	o.BodyBytes = len(body)
	o.Event, o.Err = v.verifyBytes(ctx, body, signature, &o)
	v.report(ctx, start, &o)
	return o.Event, o.Err
}

func (v *Verifier) verifyBytes(ctx context.Context, body []byte, signature string, o *Observation) (*Event, error) {
	want, err := parseSignature(signature)
	if err != nil {
		return nil, err
	}
	e, err := v.verify(ctx, body, want, o)
	if err == nil && e.form == FormRaw {
		e.raw = bytes.Clone(body)
	}
	return e, err
}

// Authenticate checks signature against body, which can be any bytes, and returns the bytes that it authenticates: body
// itself or, unless form is [FormRaw], a copy of it in that form. It decodes no event and does not look at its age.
//
// The errors are [ErrNoSignature], [ErrMalformedSignature], [ErrBodyTooLarge], [ErrSecretUnavailable] and
// [ErrSignatureMismatch].
func (v *Verifier) Authenticate(ctx context.Context, body []byte, signature string) (authentic []byte, form Form, err error) {
	o, start := v.begin()
	o.BodyBytes = len(body)
	want, err := parseSignature(signature)
	if err == nil {
		authentic, _, err = v.authenticate(ctx, body, want, &o)
	}
	o.Err = err
	v.report(ctx, start, &o)
	return authentic, o.Form, err
}

// verify returns an event whose raw bytes are body itself if the form is FormRaw.
func (v *Verifier) verify(ctx context.Context, body []byte, want mac, o *Observation) (*Event, error) {
	authentic, e, err := v.authenticate(ctx, body, want, o)
	if err != nil {
		return nil, err
	}
	if e == nil {
		s := v.scratches.Get().(*scratch)
		e, err = s.decode(authentic)
		v.scratches.Put(s)
		if err != nil {
			return nil, err
		}
	}
	if !v.fresh(e.Timestamp) {
		return nil, ErrExpired
	}
	e.raw, e.form, e.fingerprint = authentic, o.Form, fingerprint(want)
	return e, nil
}

// authenticate returns the bytes that want authenticates. If those are body itself and the event had to be read for its
// claim, it returns that too.
func (v *Verifier) authenticate(ctx context.Context, body []byte, want mac, o *Observation) ([]byte, *Event, error) {
	if int64(len(body)) > v.maxBodyBytes {
		return nil, nil, ErrBodyTooLarge
	}
	s := v.scratches.Get().(*scratch)
	defer v.scratches.Put(s)

	keys := s.keys
	var claimed *Event
	if v.secretFunc != nil {
		claimed, _ = s.decode(body) // an error matters only once the body is authentic
		secrets, err := v.secretFunc.lookUp(ctx, claimOf(claimed))
		if err != nil {
			return nil, nil, err
		}
		keys = keys.with(secrets)
	}

	for candidate, form := range s.candidates(body, v.forms) {
		i := keys.match(candidate, &want, &s.sum)
		if i < 0 {
			continue
		}
		o.Form, o.SecretIndex = form, i
		if form == FormRaw {
			return body, claimed, nil
		}
		return bytes.Clone(candidate), nil, nil
	}
	return nil, nil, ErrSignatureMismatch
}

// fresh reports whether an event of that time is young enough. An event without a time never is.
func (v *Verifier) fresh(timestamp time.Time) bool {
	if v.maxAge == 0 {
		return true
	}
	return !timestamp.IsZero() && time.Since(timestamp).Abs() <= v.maxAge
}
