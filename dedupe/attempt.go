package dedupe

import (
	"context"
	"sync/atomic"
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
	unknown      bool          // to the store, which is down
	credit       time.Duration // that is kept in the end; 0: none
	stopWatching func() bool
	answer       atomic.Int32 // see Answering
	gone         bool         // the sender, before the answer was written
}

// Skip reports whether the delivery is a retry of something already processed, to be acknowledged without being handled.
func (a *Attempt) Skip() bool { return a.skip }

// skipPause is how long a skipped delivery waits for its answer. Without it, that would be written before a server can notice that the client
// is gone, and a delivery whose second answer gets lost too would count twice.
const skipPause = 10 * time.Millisecond

func (a *Attempt) pause() {
	pause := time.NewTimer(skipPause)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-a.ctx.Done():
	}
}

// Answering is called just before the end of the answer is written. If the request's context is done or the sender's time-out over by then,
// the answer counts as lost. Later neither matters, since a client that has its answer may hang up. Only the first call counts.
func (a *Attempt) Answering() {
	if a.answer.Load() != unanswered {
		return
	}
	stopped := a.stopWatching != nil && a.stopWatching()
	alone := a.ctx.Err() != nil
	if alone {
		a.answer.Store(answeredAlone)
	} else {
		a.answer.Store(answered)
	}
	a.gone = alone || a.guard.senderTimeout > 0 && time.Since(a.start) > a.guard.senderTimeout
	if alone && stopped {
		a.onSenderGone()
	}
}

// What is known of an attempt's answer, and of the sender when it was written.
const (
	unanswered int32 = iota
	answered
	answeredAlone
)

// End tells what became of the attempt, once its answer is written as far as the server can: whether it was answered with a 2xx
// status, and whether that answer is known not to have arrived, by other means than those of [Attempt.Answering].
func (a *Attempt) End(acknowledged, lost bool) {
	a.Answering()
	a.guard.observe(&a.bookkeeping, a.event, a.outcome(acknowledged), nil)
	if a.unknown {
		return
	}
	if (acknowledged || a.skip) && (lost || !acknowledged || a.gone || a.guard.oncePerBody) {
		a.credit = a.guard.lease.Retention
	}
	a.keep(a.ending())
}

// onSenderGone is called when the sender goes away while the attempt is under way.
func (a *Attempt) onSenderGone() { a.keep(a.abandoning()) }

// isAlone reports whether the sender has gone away while the attempt is under way.
func (a *Attempt) isAlone() bool {
	known := a.answer.Load()
	return known == answeredAlone || known == unanswered && a.ctx.Err() != nil
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
