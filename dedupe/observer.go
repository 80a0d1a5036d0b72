package dedupe

import (
	"context"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// An Observation is something that a [Guard] did.
type Observation struct {
	Event *core.Event
	What  Outcome
	Err   error // of the store, with StoreFailed and GaveUp

	// Duration is how long the store took for the step that this comes of: to begin, with Processed,
	// Failed, Skipped and ToldToWait; to end, with CreditKept; to fail the last time, with StoreFailed
	// and GaveUp. It is 0 with CreditEvicted, and with a [Memory], which takes a microsecond.
	Duration time.Duration
}

// An Outcome is what a [Guard] did.
type Outcome string

// The outcomes.
const (
	// Processed: the handler succeeded.
	Processed Outcome = "processed"
	// Failed: the handler did not succeed, or the sender was gone before it ran. The delivery comes
	// again.
	Failed Outcome = "failed"
	// Skipped: a retry of something processed was not handled.
	Skipped Outcome = "skipped"
	// ToldToWait: the delivery may be a retry of what is still under way. It was refused with 503 and
	// comes again.
	ToldToWait Outcome = "come back"
	// CreditKept comes after Processed or Skipped: the answer may not have arrived.
	CreditKept Outcome = "credit kept"
	// CreditEvicted: a full [Memory] dropped a credit, one observation for each. Its retry counts
	// twice. Event is not that of the credit, but that of the delivery which needed the room.
	CreditEvicted Outcome = "credit evicted"
	// StoreFailed: see Err. What the store should have kept is tried again in the background, without
	// further observations.
	StoreFailed Outcome = "store failed"
	// GaveUp: a step of bookkeeping failed for [BookkeepingTime], or for as long as it could help, see
	// Err. The click may count twice, or not at all.
	GaveUp Outcome = "gave up"
)

func (g *Guard) observe(ctx context.Context, o Observation) {
	for _, observer := range g.observers {
		call(func() { observer(ctx, o) })
	}
}

func (a *Attempt) observeEvicted(credits int) {
	for range credits {
		a.guard.observe(&a.bookkeeping, Observation{Event: a.event, What: CreditEvicted})
	}
}

// call calls an observer. Its panics must neither stop bookkeeping nor, in the background, the
// process.
func call(observer func()) {
	defer func() { _ = recover() }()
	observer()
}
