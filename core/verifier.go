package core

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/urlr-community/webhooks-go/internal/hmackey"
)

// A Verifier tells authentic deliveries from others. Make one with [NewVerifier] and share it: it is safe for
// concurrent use. The zero Verifier accepts nothing.
type Verifier struct {
	settings
	keyrings sync.Pool // of *keyring
	mismatch error     // ErrSignatureMismatch, with what looks wrong about a secret
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
	v := &Verifier{settings: *s, mismatch: mismatchWith(secrets)}
	v.keyrings.New = func() any { return newKeyring(secrets) }
	return v, nil
}

var errZeroVerifier = fmt.Errorf("%w: zero Verifier: make one with core.NewVerifier", ErrNotVerified)

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
		e.raw = slices.Clip(bytes.Clone(body))
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
	if err := v.checkAge(e.Timestamp); err != nil {
		return nil, err
	}
	e.raw, e.form = slices.Clip(authentic), o.Form
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
	secrets, err := v.lookUp(ctx, d, want, o)
	if err != nil {
		return nil, err
	}
	static := v.keyrings.Get().(*keyring)
	defer v.keyrings.Put(static)
	keys := static
	if len(secrets) > 0 {
		keys = static.with(secrets)
	}
	if len(keys.states) == 0 {
		return nil, errNoSecret // before any form is written
	}
	authentic, found := keys.matchForms(v.forms, d, want, o)
	if !found {
		return nil, v.explain(d, secrets)
	}
	return authentic, nil
}

// explain returns the error for a signature that no secret gives, with what may be the reason.
func (v *Verifier) explain(d *document, lookedUp []string) error {
	if len(d.body) == 0 {
		return errEmptyBody
	}
	if v.secretFunc != nil && !slices.ContainsFunc(lookedUp, isUsable) {
		return errNoSecret
	}
	if err := mismatchWith(lookedUp); err != ErrSignatureMismatch { //nolint:errorlint // nothing wraps it
		return err
	}
	return v.mismatch
}

var (
	errNoSecret  = fmt.Errorf("%w: the SecretFunc knows no secret for what the body claims", ErrSignatureMismatch)
	errEmptyBody = fmt.Errorf("%w: the body is empty: mount Verify before whatever reads it", ErrSignatureMismatch)
)

// mismatchWith returns ErrSignatureMismatch, with what looks like a mistake in one of the secrets.
func mismatchWith(secrets []string) error {
	for _, secret := range secrets {
		if flaws := hmackey.Flaws(secret); flaws != nil && isUsable(secret) {
			return fmt.Errorf("%w; a configured secret has %s: does URLR's have that, too?", ErrSignatureMismatch, strings.Join(flaws, " and "))
		}
	}
	return ErrSignatureMismatch
}

// checkAge returns [ErrExpired] for an event that is too old, or whose age nobody knows.
func (v *Verifier) checkAge(timestamp time.Time) error {
	switch {
	case v.maxAge == 0:
		return nil
	case timestamp.IsZero():
		return errUndated
	case time.Since(timestamp).Abs() > v.maxAge:
		return errTooOld
	default:
		return nil
	}
}

var (
	errUndated = fmt.Errorf("%w: its timestamp is missing or unreadable", ErrExpired)
	errTooOld  = fmt.Errorf("%w: check this machine's clock, and that WithMaxAge leaves room for retries", ErrExpired)
)
