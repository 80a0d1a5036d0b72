package dedupe

import (
	"context"

	"github.com/urlr-community/webhooks-go/core"
)

// An Observation is something that a [Guard] did.
type Observation struct {
	Event *core.Event
	What  Outcome
	Err   error // of the store, with StoreFailed and GaveUp
}

// An Outcome is what a [Guard] did.
type Outcome string

// The outcomes.
const (
	Processed   Outcome = "processed"    // the handler succeeded
	Failed      Outcome = "failed"       // the handler did not succeed, or the sender was gone before it ran; the delivery comes again
	Skipped     Outcome = "skipped"      // a retry of something processed was not handled
	ToldToWait  Outcome = "come back"    // it may be a retry of what is still under way
	CreditKept  Outcome = "credit kept"  // after Processed or Skipped: the answer may not have arrived
	StoreFailed Outcome = "store failed" // see Err; what the store should have kept is tried again in the background, without further observations
	GaveUp      Outcome = "gave up"      // a step of bookkeeping failed for as long as it could help, see Err; the click may count twice, or not at all
)

func (g *Guard) observe(ctx context.Context, e *core.Event, what Outcome, err error) {
	for _, observer := range g.observers {
		call(func() { observer(ctx, Observation{e, what, err}) })
	}
}

// call calls an observer. Its panics must neither stop bookkeeping nor, in the background, the process.
func call(observer func()) {
	defer func() { _ = recover() }()
	observer()
}
