package dedupe

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/internal/socket"
)

// An Attempt is a delivery between [Guard.Begin] and [Attempt.End]. It is for authors of adapters:
//
//	attempt, err := guard.Begin(ctx) // the request's context, with the event of Verify
//	if err != nil {
//		// Answer with core.StatusCode(err) and core.RetryAfter(err). That is all.
//	}
//	if attempt.Skip() {
//		// Answer with 204. The handler does not run.
//	} else {
//		// Run the handler.
//	}
//	attempt.Answering() // before the end of the answer is sent
//	// Send the answer. If the framework sends it only later, call attempt.Buffered() instead.
//	attempt.End(acknowledged, lost) // deferred, since the handler may panic
type Attempt struct {
	guard        *Guard
	ctx          context.Context // of the request
	connection   *connection     // nil: only the context tells whether the sender is there
	bookkeeping  withoutCancel   // for what must be kept even if the sender is gone
	event        *core.Event
	id           AttemptID
	fingerprint  string
	start        time.Time
	beginTook    time.Duration // in the store; 0 in a Memory
	skip         bool
	unknown      bool          // to the store, which is down
	credit       time.Duration // that is kept in the end; 0: none
	stopWatching func() bool
	answer       atomic.Int32 // see Answering
	isLate       bool         // at Answering, for the sender's timeout
	isAlone      bool         // at Answering, because the sender was gone
	isHalfClosed bool         // at Answering: the sender may still read
	isBuffered   bool
}

// Skip reports whether the delivery is a retry of something already processed, so that it is
// acknowledged without being handled.
func (a *Attempt) Skip() bool { return a.skip }

// skipPause is how long a skipped delivery waits for its answer. Without it, the answer would be
// sent before a server can notice that the client has disconnected, and a delivery whose second
// answer is lost too would count twice.
const skipPause = 10 * time.Millisecond

func (a *Attempt) pause() {
	pause := time.NewTimer(skipPause)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-a.ctx.Done():
	}
}

// Answering tells that the end of the answer is about to be sent. If the sender has disconnected by
// now, or its timeout is over, the answer counts as lost. Later neither matters, since a client
// that has its answer may disconnect. Only the first call counts; without one, [Attempt.End] makes
// it.
func (a *Attempt) Answering() {
	if a.answer.Load() != unanswered {
		return
	}
	took := time.Since(a.start)
	if took < fastHandler && a.connection == nil {
		// net/http notices in a goroutine of its own that a client has disconnected. A fast handler
		// leaves it no time to.
		runtime.Gosched()
	}
	stopped := a.stopWatching != nil && a.stopWatching()
	a.isAlone = a.senderIsGone()
	a.isHalfClosed = a.isAlone && a.connection != nil && a.connection.Peer() == socket.Closed
	if a.isAlone {
		a.answer.Store(answeredAlone)
	} else {
		a.answer.Store(answered)
	}
	a.isLate = a.guard.senderTimeout > 0 && took > a.guard.senderTimeout
	if a.isAlone && stopped {
		_ = a.keep(a.abandoning())
	}
}

// fastHandler is how fast a handler has to be to leave other goroutines no time.
const fastHandler = time.Millisecond

// What is known of an attempt's answer, and of the sender when it was sent.
const (
	unanswered int32 = iota
	answered
	answeredAlone
)

// Buffered tells that the answer is going to be sent only after [Attempt.End]. If the request's
// context ends during End, the answer counts as lost.
func (a *Attempt) Buffered() { a.isBuffered = true }

// End tells what became of the attempt: whether it was answered with a 2xx status, and whether it
// is known, in other ways than those of [Attempt.Answering], that the answer was lost. It must be
// called once for each attempt, after the answer is sent. If the store fails, it returns
// nevertheless, and the [Guard] tries again in the background.
func (a *Attempt) End(acknowledged, lost bool) {
	defer a.guard.underWay.Add(-1)
	a.Answering()
	isProcessed := acknowledged || a.skip || a.isCommitted()
	a.guard.observe(&a.bookkeeping, Observation{a.event, a.outcome(isProcessed), nil, a.beginTook})
	if a.unknown {
		return
	}
	if isProcessed && (a.guard.oncePerBody || lost || !acknowledged || a.isLate || a.isLost()) {
		a.credit = a.guard.lease.Retention
	}
	err := a.keepEnd()
	if isProcessed && a.credit == 0 && a.isBuffered && a.senderIsGone() {
		a.credit = a.guard.lease.Retention
		err = a.keepEnd()
	}
	if a.beginTook > slowStore { // an earlier try of the client may still arrive
		a.close(err)
	}
}

// keepEnd ends the attempt in the store. If it returns an error, it tries again in the background.
func (a *Attempt) keepEnd() error {
	if a.guard.memory != nil {
		a.endInMemory()
		return nil
	}
	return a.keep(a.ending())
}

// isLost reports whether the answer that was sent did not arrive, as far as anyone can tell. A
// sender that looked gone at Answering may have shut down only its own side. One that did not may
// have reset the connection since.
func (a *Attempt) isLost() bool {
	if a.connection == nil || a.isBuffered {
		return a.isAlone
	}
	if a.isAlone && !a.isHalfClosed {
		return true // the connection was reset, or the stream of HTTP/2, or there was a deadline
	}
	switch a.connection.Fate() {
	case socket.Arrived:
		return false
	case socket.Lost:
		return true
	default:
		return a.isAlone
	}
}

// onContextDone is called when the request's context is done while the attempt is under way.
func (a *Attempt) onContextDone() {
	if a.senderIsGone() {
		_ = a.keep(a.abandoning())
	}
}

// senderIsGone reports whether the sender has disconnected, or somebody else has ended the request.
func (a *Attempt) senderIsGone() bool {
	switch {
	case a.connection == nil:
		return a.ctx.Err() != nil
	case a.connection.isClosed():
		return true
	default:
		return a.ctx.Err() != nil && !a.connection.isStopping(a.ctx)
	}
}

// wasAbandoned reports, to a Memory, whether the sender has gone while the attempt is under way.
func (a *Attempt) wasAbandoned() bool {
	known := a.answer.Load()
	return known == answeredAlone || known == unanswered && a.ctx.Err() != nil && a.senderIsGone()
}

// isCommitted reports whether the handler's effect is known to be committed, whatever the answer says.
func (a *Attempt) isCommitted() bool {
	return a.guard.committer != nil && !a.unknown && a.guard.committer.Committed(a.id)
}

func (a *Attempt) outcome(isProcessed bool) Outcome {
	switch {
	case a.skip:
		return Skipped
	case isProcessed:
		return Processed
	default:
		return Failed
	}
}
