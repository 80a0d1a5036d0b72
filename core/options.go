package core

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/urlr-community/webhooks-go/internal/hmackey"
)

// DefaultMaxBodyBytes is the largest body that is accepted unless [WithMaxBodyBytes] says otherwise. URLR's bodies have a
// few hundred bytes; the limit leaves room for long labels and referers.
const DefaultMaxBodyBytes = 64 << 10

// An Option changes what a [Verifier] accepts. One with an impossible value makes [NewVerifier] fail.
type Option func(*settings) error

type settings struct {
	secrets      []string
	secretFunc   SecretFunc
	forms        []Form
	maxBodyBytes int64
	maxAge       time.Duration
	observers    []func(context.Context, Observation)
}

var errEmptySecret = errors.New("urlr: empty secret: pass the folder's secret key (is the environment variable set?)")

// newSettings applies opts over the defaults and refuses what could not verify anything, or would verify everything.
func newSettings(secret string, opts []Option) (*settings, error) {
	s := &settings{
		forms:        []Form{FormRaw, FormPHP, FormJS},
		maxBodyBytes: DefaultMaxBodyBytes,
	}
	if secret != "" {
		s.secrets = append(s.secrets, secret)
	}
	for _, opt := range opts {
		if opt == nil {
			return nil, errors.New("urlr: nil Option: leave it out")
		}
		if err := opt(s); err != nil {
			return nil, err
		}
	}
	if hmackey.IsBlank(secret) && (secret != "" || s.secretFunc == nil) {
		return nil, errEmptySecret
	}
	for _, secret := range s.secrets {
		if err := hmackey.Check(secret); err != nil {
			return nil, fmt.Errorf("urlr: %w", err)
		}
	}
	return s, nil
}

// WithSecrets accepts signatures made with any of these secrets too. While a folder's secret is being rotated, pass the
// new one and the old one. An empty secret is an error: leave it out while none is being rotated.
func WithSecrets(more ...string) Option {
	return func(s *settings) error {
		if slices.ContainsFunc(more, hmackey.IsBlank) {
			return errors.New("urlr: WithSecrets got an empty secret: leave it out while no secret is being rotated")
		}
		s.secrets = append(s.secrets, more...)
		return nil
	}
}

// WithForms accepts signatures over these forms of the body only. Default: all three. None, or an unknown one, is an error.
func WithForms(forms ...Form) Option {
	return func(s *settings) error {
		if len(forms) == 0 {
			return errors.New("urlr: WithForms needs at least one form")
		}
		for _, f := range forms {
			if !f.valid() {
				return fmt.Errorf("urlr: WithForms: unknown form %d: use FormRaw, FormPHP and FormJS", f)
			}
		}
		s.forms = slices.Compact(slices.Sorted(slices.Values(forms)))
		return nil
	}
}

// WithMaxBodyBytes refuses bodies of more than n bytes with [ErrBodyTooLarge]. Default: [DefaultMaxBodyBytes].
// An n below 1 is an error.
func WithMaxBodyBytes(n int64) Option {
	return func(s *settings) error {
		if n < 1 {
			return fmt.Errorf("urlr: WithMaxBodyBytes(%d): the limit must be at least 1 byte", n)
		}
		s.maxBodyBytes = n
		return nil
	}
}

// WithMaxAge refuses events whose timestamp is more than d in the past or in the future with [ErrExpired], as well as events
// without a readable timestamp. Default: off, since a retry carries the timestamp of the click and may come hours later.
// It is the only limit to replays, so choose a d that is longer than URLR goes on retrying. A d of 0 or less is an error.
func WithMaxAge(d time.Duration) Option {
	return func(s *settings) error {
		if d <= 0 {
			return fmt.Errorf("urlr: WithMaxAge(%v): the age must be positive; leave the option out to accept any", d)
		}
		s.maxAge = d
		return nil
	}
}
