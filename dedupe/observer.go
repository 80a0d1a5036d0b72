package dedupe

import (
	"context"

	"github.com/urlr-community/webhooks-go/core"
)

// An Observation is something that a [Guard] did.
type Observation struct {
	Event *core.Event
	What  Outcome
	Err   error // of the store, with StoreFailed
}

// An Outcome is what a [Guard] did.
type Outcome string

// The outcomes.
const (
	Processed   Outcome = "processed"    // the handler succeeded
	Failed      Outcome = "failed"       // the handler did not succeed; the delivery comes again
	Skipped     Outcome = "skipped"      // a retry of something processed was acknowledged
	ToldToWait  Outcome = "come back"    // it may be a retry of what is still under way
	CreditKept  Outcome = "credit kept"  // after Processed or Skipped: the answer may not have arrived
	StoreFailed Outcome = "store failed" // see Err
)

func (g *Guard) observe(ctx context.Context, e *core.Event, what Outcome, err error) {
	for _, observer := range g.observers {
		observer(ctx, Observation{e, what, err})
	}
}
