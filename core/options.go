package core

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/urlr-community/webhooks-go/internal/hmackey"
)

// An Option configures a [Verifier]. If an option is nil or invalid, [NewVerifier] returns an
// error, and [MustVerifier] and the adapters' Verify panic.
type Option func(*settings) error

// DefaultMaxBodyBytes is the size limit of bodies without [WithMaxBodyBytes], in bytes. URLR's
// bodies are a few hundred bytes long; the limit leaves room for long labels and referers.
const DefaultMaxBodyBytes = 64 << 10

// WithSecrets also accepts signatures made with any of these secrets. While a folder's secret is
// being rotated, pass both the new and the old one. Default: only the secret of [NewVerifier].
//
// An empty or blank secret is an error, so leave the option out when no secret is being rotated.
func WithSecrets(more ...string) Option {
	return func(s *settings) error {
		if slices.ContainsFunc(more, hmackey.IsBlank) {
			return errors.New("urlr: WithSecrets: empty secret")
		}
		s.secrets = append(s.secrets, more...)
		return nil
	}
}

// WithSecretFunc also accepts signatures made with a secret that f returns for the request. The
// secret of [NewVerifier] may then be empty. If given more than once, the last one counts. Default:
// none. A nil f is an error.
func WithSecretFunc(f SecretFunc) Option {
	return func(s *settings) error {
		if f == nil {
			return errors.New("urlr: WithSecretFunc: nil SecretFunc")
		}
		s.secretFunc = f
		return nil
	}
}

// WithForms accepts signatures of only these forms of the body. Default: [FormRaw], [FormPHP] and
// [FormJS]. No form, or an unknown one, is an error.
func WithForms(forms ...Form) Option {
	return func(s *settings) error {
		if len(forms) == 0 {
			return errors.New("urlr: WithForms: no form")
		}
		for _, f := range forms {
			if !f.valid() {
				return fmt.Errorf("urlr: WithForms: unknown form %d", f)
			}
		}
		s.forms = slices.Compact(slices.Sorted(slices.Values(forms)))
		return nil
	}
}

// WithMaxBodyBytes refuses bodies larger than n bytes with [ErrBodyTooLarge]. Default:
// [DefaultMaxBodyBytes], 64 KiB. An n below 1 is an error.
func WithMaxBodyBytes(n int64) Option {
	return func(s *settings) error {
		if n < 1 {
			return fmt.Errorf("urlr: WithMaxBodyBytes: limit %d is below 1", n)
		}
		s.maxBodyBytes = n
		return nil
	}
}

// WithMaxAge refuses events whose timestamp is more than d in the past or in the future, or
// missing, with [ErrExpired]. It is the only limit on replays of a delivery. Default: no limit,
// because a retry carries the timestamp of the click and may arrive hours later. Choose a d longer
// than URLR keeps retrying. A d of 0 or less is an error.
func WithMaxAge(d time.Duration) Option {
	return func(s *settings) error {
		if d <= 0 {
			return fmt.Errorf("urlr: WithMaxAge: age %v is not positive", d)
		}
		s.maxAge = d
		return nil
	}
}

// WithObserver calls f once per verification, whatever its outcome, before the caller gets the
// result. Use it for logs, see [LogObserver], and metrics. f runs on the request's goroutine, so it
// should be quick, and must be safe for concurrent use. If given more than once, all are called in
// order. Default: none. A nil f is an error.
func WithObserver(f func(context.Context, Observation)) Option {
	return func(s *settings) error {
		if f == nil {
			return errors.New("urlr: WithObserver: nil function")
		}
		s.observers = append(s.observers, f)
		return nil
	}
}

type settings struct {
	secrets      []string
	secretFunc   SecretFunc
	forms        []Form
	maxBodyBytes int64
	maxAge       time.Duration
	observers    []func(context.Context, Observation)
}

// newSettings applies opts to the defaults. It rejects settings that could verify nothing, or that
// would accept everything.
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
			return nil, errors.New("urlr: nil Option")
		}
		if err := opt(s); err != nil {
			return nil, err
		}
	}
	if hmackey.IsBlank(secret) && (secret != "" || s.secretFunc == nil) {
		return nil, errors.New("urlr: empty secret")
	}
	for _, secret := range s.secrets {
		if err := hmackey.Check(secret); err != nil {
			return nil, fmt.Errorf("urlr: %w", err)
		}
	}
	return s, nil
}
