package core

import (
	"context"
	"fmt"

	"github.com/urlr-community/webhooks-go/internal/hmackey"
)

// A SecretFunc returns the secrets to accept for a request, for example those of the folder that it
// claims to come from. They are accepted in addition to those of [NewVerifier] and [WithSecrets];
// blank ones are ignored.
//
// If the folder is unknown, return no secret: unless another secret matches, the request is refused
// with [ErrSignatureMismatch]. If the lookup fails, return an error: the request is refused with
// [ErrSecretUnavailable], so that URLR retries.
//
// A SecretFunc is called before anything is verified, once for each request with a well-formed
// signature, and concurrently. Anyone who can reach the endpoint can trigger it, so it should be
// cheap or cached.
type SecretFunc func(ctx context.Context, claim Claim) (secrets []string, err error)

// A Claim is what an unverified body says about its origin. Use it to choose a secret and for
// nothing else. It is decoded like the event, so an event accepted with a looked-up secret has the
// same values. A body that can't be decoded, or that costs much more than a real one before its link
// and type have been read, has the zero Claim.
type Claim struct {
	LinkID, LinkCode, WorkspaceID, FolderID string
	Folder, Team                            int64
}

func claimOf(e *Event) Claim {
	l := &e.Link
	return Claim{
		LinkID: l.ID, LinkCode: l.Code, WorkspaceID: l.WorkspaceID, FolderID: l.FolderID,
		Folder: l.Folder, Team: l.Team,
	}
}

// checkClaim returns an error if the secret of e was looked up for another claim than that of e: the
// link is not read if the body costs too much before it.
func (v *Verifier) checkClaim(e *Event, o *Observation) error {
	if o.Claim == nil || o.SecretIndex < v.static || claimOf(e) == *o.Claim {
		return nil
	}
	return errOtherClaim
}

// lookUp returns the secrets of the SecretFunc, if there is one, for the claim of d.
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
