package dedupe

import (
	"context"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// An Attempt is a delivery between [Guard.Begin] and [Attempt.End].
type Attempt struct {
	guard        *Guard
	ctx          context.Context // of the request
	bookkeeping  withoutCancel   // for what must be kept even if the sender is gone
	event        *core.Event
	id           AttemptID
	fingerprint  string
	start        time.Time
	skip         bool
	unknown      bool // to the store, which is down
	stopWatching func() bool
}

// Skip reports whether the delivery is a retry of something already processed, to be acknowledged without being handled.
func (a *Attempt) Skip() bool { return a.skip }

// abandon notes that the sender has gone away while the attempt is under way.
func (a *Attempt) abandon() {
	ctx := &a.bookkeeping
	if err := a.guard.store.Abandon(ctx, a.fingerprint, a.id); err != nil {
		a.guard.observe(ctx, a.event, StoreFailed, err)
	}
}

// End tells what became of the attempt, once its answer is written as far as the server can: whether it was answered with a 2xx
// status, and whether that answer is known not to have arrived. What the request's context and the sender's time-out tell is
// taken into account by itself.
func (a *Attempt) End(acknowledged, lost bool) {
	ctx := &a.bookkeeping
	a.guard.observe(ctx, a.event, a.outcome(acknowledged), nil)
	if a.unknown {
		return
	}
	a.stopWatching()
	var credit time.Duration
	if (acknowledged || a.skip) && (lost || !acknowledged || a.mayBeLost() || a.guard.oncePerBody) {
		credit = a.guard.lease.Retention
	}
	if err := a.guard.store.End(ctx, a.fingerprint, a.id, credit); err != nil {
		a.guard.observe(ctx, a.event, StoreFailed, err)
		return
	}
	if credit > 0 {
		a.guard.observe(ctx, a.event, CreditKept, nil)
	}
}

func (a *Attempt) outcome(acknowledged bool) Outcome {
	switch {
	case a.skip:
		return Skipped
	case acknowledged:
		return Processed
	default:
		return Failed
	}
}

func (a *Attempt) mayBeLost() bool {
	return a.ctx.Err() != nil || a.guard.senderTimeout > 0 && time.Since(a.start) > a.guard.senderTimeout
}

// A withoutCancel is a context like that of context.WithoutCancel, as a part of an Attempt: one allocation less for each delivery.
type withoutCancel struct{ context.Context }

func (*withoutCancel) Deadline() (deadline time.Time, ok bool) { return time.Time{}, false }

func (*withoutCancel) Done() <-chan struct{} { return nil }

func (*withoutCancel) Err() error { return nil }
