package core

import (
	"context"
	"time"
)

// An Observation is the outcome of one verification. See [WithObserver].
type Observation struct {
	Event *Event // nil if Err is not nil, and for [Verifier.Authenticate]
	Err   error  // the error that the caller gets; nil if the delivery was accepted
	Form  Form   // the form whose MAC matched; zero if none did

	// SecretIndex is the index of the secret that matched, or -1 if none did. The secret of
	// [NewVerifier] comes first, then those of [WithSecrets], then those of the [SecretFunc]. Blank
	// secrets are not counted.
	SecretIndex int

	BodyBytes int           // number of bytes read of the body
	Duration  time.Duration // time it took to read and verify the body

	// Claim is the unverified claim that was passed to the [SecretFunc]. It is nil if there is
	// none, or if it was not called.
	Claim *Claim
}

// startTime returns the current time if there are observers. Reading the clock takes a tenth of the
// time of a verification.
func (v *Verifier) startTime() time.Time {
	if len(v.observers) == 0 {
		return time.Time{}
	}
	return time.Now()
}

func (v *Verifier) report(ctx context.Context, start time.Time, o *Observation) {
	if len(v.observers) == 0 {
		return
	}
	o.Duration = time.Since(start)
	for _, observer := range v.observers {
		observer(ctx, *o)
	}
}
