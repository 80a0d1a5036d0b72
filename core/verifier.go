package core

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// A Verifier tells authentic deliveries from others. Make one with [NewVerifier] and share it: it is safe for
// concurrent use. The zero Verifier accepts nothing.
type Verifier struct {
	settings
	keyrings sync.Pool // of *keyring
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
	v.keyrings.New = func() any { return newKeyring(secrets) }
	return v, nil
}

// errZeroVerifier is a mistake in the set-up, so it is answered with 500 like any unforeseen error.
var errZeroVerifier = errors.New("urlr: zero Verifier: make one with NewVerifier")

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
	start := v.startTime()
	o := Observation{SecretIndex: -1, BodyBytes: len(body)}
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
	start := v.startTime()
	o := Observation{SecretIndex: -1, BodyBytes: len(body)}
	want, err := parseSignature(signature)
	if err == nil {
		d := newDocument(body)
		defer d.free()
		authentic, err = v.authenticate(ctx, d, want, &o)
	}
	o.Err = err
	v.report(ctx, start, &o)
	return authentic, o.Form, err
}

// verify returns an event whose raw bytes are body itself if the form is FormRaw.
func (v *Verifier) verify(ctx context.Context, body []byte, want mac, o *Observation) (*Event, error) {
	d := newDocument(body)
	defer d.free()
	authentic, err := v.authenticate(ctx, d, want, o)
	if err != nil {
		return nil, err
	}
	e, err := d.event(o.Form, want)
	if err != nil {
		return nil, err
	}
	if !v.fresh(e.Timestamp) {
		return nil, ErrExpired
	}
	e.raw, e.form = authentic, o.Form
	return e, nil
}

// authenticate returns the authentic bytes of d: the body itself, or a copy of another form.
func (v *Verifier) authenticate(ctx context.Context, d *document, want mac, o *Observation) ([]byte, error) {
	if v.keyrings.New == nil {
		return nil, errZeroVerifier
	}
	if int64(len(d.body)) > v.maxBodyBytes {
		return nil, ErrBodyTooLarge
	}
	secrets, err := v.lookUp(ctx, d)
	if err != nil {
		return nil, err
	}
	static := v.keyrings.Get().(*keyring)
	defer v.keyrings.Put(static)
	keys := static
	if len(secrets) > 0 {
		keys = static.with(secrets)
	}
	return v.match(keys, d, want, o)
}

// match tries the raw bytes first, since they cost no parsing. A form that equals one tried before needs no second MAC:
// URLR's bodies are in the PHP form already and, without accents, in both.
func (v *Verifier) match(keys *keyring, d *document, want mac, o *Observation) ([]byte, error) {
	var tried [3][]byte
	for n, form := range v.forms {
		candidate, err := d.form(form)
		if err != nil || slices.ContainsFunc(tried[:n], func(b []byte) bool { return bytes.Equal(b, candidate) }) {
			continue
		}
		tried[n] = candidate
		if i := keys.match(candidate, &want); i >= 0 {
			o.Form, o.SecretIndex = form, i
			if form != FormRaw {
				candidate = bytes.Clone(candidate)
			}
			return candidate, nil
		}
	}
	if len(d.body) == 0 {
		return nil, errEmptyBody
	}
	return nil, ErrSignatureMismatch
}

var errEmptyBody = fmt.Errorf("%w; the body is empty: mount Verify before whatever reads it", ErrSignatureMismatch)

// fresh reports whether an event of that time is young enough. An event without a time never is.
func (v *Verifier) fresh(timestamp time.Time) bool {
	if v.maxAge == 0 {
		return true
	}
	return !timestamp.IsZero() && time.Since(timestamp).Abs() <= v.maxAge
}
