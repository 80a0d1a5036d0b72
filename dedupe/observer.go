package dedupe

import (
	"context"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// An Observation reports something a [Guard] did.
type Observation struct {
	Event *core.Event
	What  Outcome
	Err   error // the store's error, with StoreFailed and GaveUp

	// Duration is how long the store call took: Begin for Processed, Failed, Skipped and
	// ToldToWait; End for CreditKept; the failed call for StoreFailed and GaveUp. It is 0 for
	// CreditEvicted, and with a [Memory], whose calls take a microsecond.
	Duration time.Duration
}

// An Outcome says what a [Guard] did.
type Outcome string

// The outcomes.
const (
	// Processed: the handler succeeded.
	Processed Outcome = "processed"
	// Failed: the handler did not succeed, or the sender disconnected before it ran. URLR retries.
	Failed Outcome = "failed"
	// Skipped: the delivery is a retry of one already processed, and was not handled.
	Skipped Outcome = "skipped"
	// ToldToWait: the delivery was deferred with 503, since it may be a retry of one in progress.
	// URLR retries it.
	ToldToWait Outcome = "come back"
	// CreditKept: the response may not have arrived. It follows Processed or Skipped.
	CreditKept Outcome = "credit kept"
	// CreditEvicted: a full [Memory] dropped a credit, so its retry counts twice. There is one
	// observation per credit. Event is that of the delivery that needed the space, not of the
	// credit.
	CreditEvicted Outcome = "credit evicted"
	// StoreFailed: a store call failed, see Err. At the end of an attempt, the guard retries it in
	// the background without further observations.
	StoreFailed Outcome = "store failed"
	// GaveUp: a store call kept failing for [BookkeepingTime], or for as long as it could help, see
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
		a.guard.observe(&a.detached, Observation{Event: a.event, What: CreditEvicted})
	}
}

// call calls an observer. Its panics must not stop bookkeeping or, in the background, the process.
func call(observer func()) {
	defer func() { _ = recover() }()
	observer()
}
