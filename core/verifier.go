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

// A Verifier verifies deliveries. Create one with [NewVerifier] and share it: it is safe for
// concurrent use. The zero Verifier accepts nothing.
type Verifier struct {
	settings
	keyrings sync.Pool // of *keyring
	static   int       // number of secrets that are not looked up
	mismatch error     // ErrSignatureMismatch, with what looks wrong about a secret
}

// NewVerifier returns a Verifier that accepts deliveries signed with secret, the secret key of a
// folder in URLR. It returns an error if an option is invalid, or if the secret is empty or blank,
// unless [WithSecretFunc] makes an empty one valid.
func NewVerifier(secret string, opts ...Option) (*Verifier, error) {
	s, err := newSettings(secret, opts)
	if err != nil {
		return nil, err
	}
	secrets := s.secrets
	s.secrets = nil // only the closure below holds them, so that printing a Verifier doesn't leak them
	v := &Verifier{settings: *s, static: len(secrets), mismatch: mismatchWith(secrets)}
	v.keyrings.New = func() any { return newKeyring(secrets) }
	return v, nil
}

// MustVerifier is like [NewVerifier] but panics instead of returning an error. Use it during setup:
// a server that can't verify must not start.
func MustVerifier(secret string, opts ...Option) *Verifier {
	v, err := NewVerifier(secret, opts...)
	if err != nil {
		panic(err)
	}
	return v
}

// Verify checks signature, the value of the x-signature header, against body. It returns the event,
// decoded from exactly the bytes that the signature authenticates. It keeps no reference to body.
//
// The error wraps [ErrNoSignature], [ErrMalformedSignature], [ErrBodyTooLarge],
// [ErrSecretUnavailable], [ErrSignatureMismatch], [ErrMalformedEvent] or [ErrExpired].
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

// Authenticate checks signature against body, which need not be an event, and returns the bytes
// that it authenticates: body itself for [FormRaw], a copy of it in the form that matched
// otherwise. It decodes no event and ignores [WithMaxAge].
//
// The error wraps [ErrNoSignature], [ErrMalformedSignature], [ErrBodyTooLarge],
// [ErrSecretUnavailable] or [ErrSignatureMismatch].
func (v *Verifier) Authenticate(
	ctx context.Context, body []byte, signature string,
) (authentic []byte, form Form, err error) {
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
	if err := v.checkClaim(e, o); err != nil {
		return nil, err
	}
	if err := v.checkAge(e.Timestamp); err != nil {
		return nil, err
	}
	e.raw, e.form = slices.Clip(authentic), o.Form
	return e, nil
}

// authenticate returns the authentic bytes of d: the body itself for FormRaw, a copy otherwise.
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
		return nil, errNoSecret // before computing any form
	}
	authentic, found := keys.matchForms(v.forms, d, want, o)
	if !found {
		return nil, v.explain(d, secrets)
	}
	return authentic, nil
}

// explain returns the error for a signature that no secret matches, with the likely reason.
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

// mismatchWith returns ErrSignatureMismatch, with what looks like a mistake in one of the secrets.
func mismatchWith(secrets []string) error {
	for _, secret := range secrets {
		if flaws := hmackey.Flaws(secret); flaws != nil && isUsable(secret) {
			return &detailedError{
				sentinel: ErrSignatureMismatch,
				detail:   "a configured secret has " + strings.Join(flaws, " and "),
				hint:     "Check that the secret in URLR has the same, or remove it here.",
			}
		}
	}
	return ErrSignatureMismatch
}

// checkAge returns an error that wraps [ErrExpired] if an event is too old, or its age is unknown.
func (v *Verifier) checkAge(timestamp time.Time) error {
	switch {
	case v.maxAge == 0:
		return nil
	case timestamp.IsZero():
		return errNoTimestamp
	case time.Since(timestamp).Abs() > v.maxAge:
		return errTooOld
	default:
		return nil
	}
}

var (
	errZeroVerifier = fmt.Errorf("%w: zero Verifier; use NewVerifier", ErrNotVerified)

	errNoSecret = &detailedError{
		sentinel: ErrSignatureMismatch,
		detail:   "the SecretFunc returned no secret",
		hint:     "If the claimed folder is one of yours, have the SecretFunc return its secret.",
	}
	errEmptyBody = &detailedError{
		sentinel: ErrSignatureMismatch,
		detail:   "empty body",
		hint:     "Mount Verify before any middleware that reads the body.",
	}
	errOtherClaim = &detailedError{
		sentinel: ErrSignatureMismatch,
		detail:   "the secret was looked up before the link was read",
		hint:     "The body has too much before its link to be read before it is verified. Check who sent it.",
	}
	errNoTimestamp = &detailedError{
		sentinel: ErrExpired,
		detail:   "missing or unreadable timestamp",
		hint:     "WithMaxAge refuses events without a timestamp. Check whether URLR has changed its format.",
	}
	errTooOld = &detailedError{sentinel: ErrExpired, detail: "timestamp outside WithMaxAge"}
)
