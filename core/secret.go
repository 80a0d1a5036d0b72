package core

import (
	"context"
	"errors"
	"fmt"

	"github.com/urlr-community/webhooks-go/internal/hmackey"
)

// A SecretFunc returns the secrets to accept for a request, for instance those of the folder that it claims to come from.
// They are accepted in addition to the secrets given to [NewVerifier] and [WithSecrets]; blank ones are ignored. When
// none is left, the request is refused with [ErrSignatureMismatch]. An error refuses it with [ErrSecretUnavailable]:
// return one when the lookup failed, and no secret when the folder is unknown.
//
// It is called before anything is verified, once per request with a well-formed signature, and concurrently. Whoever can
// reach the endpoint can make it be called: let it be cheap, or cache.
type SecretFunc func(ctx context.Context, claim Claim) (secrets []string, err error)

// A Claim is what a body says of its origin before anybody has verified it: good for choosing a secret and nothing else.
// It is read like the event, so that an accepted event has the values that the claim had. A body that can't be read as an
// event gives the zero Claim.
type Claim struct {
	LinkID, LinkCode, WorkspaceID, FolderID string
	Folder, Team                            int64
}

// WithSecretFunc looks secrets up per request. The secret given to [NewVerifier] may then be empty. A nil f is an error.
func WithSecretFunc(f SecretFunc) Option {
	return func(s *settings) error {
		if f == nil {
			return errors.New("urlr: WithSecretFunc needs a function, got nil")
		}
		s.secretFunc = f
		return nil
	}
}

// lookUp returns the secrets of the SecretFunc, if there is one, for what d claims.
func (v *Verifier) lookUp(ctx context.Context, d *document, want mac, o *Observation) ([]string, error) {
	if v.secretFunc == nil {
		return nil, nil
	}
	claim := d.claim(want)
	o.Claim = &claim
	secrets, err := v.secretFunc(ctx, claim)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrSecretUnavailable, err)
	}
	for _, secret := range secrets {
		if err := hmackey.Check(secret); err != nil && isUsable(secret) {
			return nil, fmt.Errorf("%w: %w", ErrSecretUnavailable, err)
		}
	}
	return secrets, nil
}
