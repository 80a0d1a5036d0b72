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
//		core.WriteProblem(w, err) // and return
//	}
//	if attempt.Skip() {
//		// Respond with 204, without running the handler.
//	} else {
//		// Run the handler.
//	}
//	attempt.Answering() // before the end of the response is sent
//	// Send the response. If the framework sends it only later, call attempt.Buffered() instead.
//	attempt.End(acknowledged, lost) // deferred, since the handler may panic
type Attempt struct {
	guard        *Guard
	ctx          context.Context // of the request
	detached     withoutCancel   // ctx, for what must happen even if the sender disconnects
	connection   *connection     // nil if only ctx tells whether the sender disconnected
	event        *core.Event
	id           AttemptID
	fingerprint  string
	start        time.Time
	beginTook    time.Duration // in the store; 0 in a Memory
	skip         bool
	untracked    bool          // the store is down and does not know the attempt
	credit       time.Duration // how long to keep a credit; 0 for none
	stopWatching func() bool
	response     atomic.Int32 // see Answering
	isBuffered   bool

	// At Answering:
	isLate          bool // the sender's timeout was over
	wasDisconnected bool // the sender had disconnected
	wasHalfClosed   bool // though it may still have been reading
}

// Skip reports whether the delivery is a retry of one already processed. Acknowledge it without
// handling it.
func (a *Attempt) Skip() bool { return a.skip }

// skipPause delays the response to a skipped delivery. Otherwise the response would be sent before
// a server can notice that the client disconnected, and the delivery would count twice if this
// response is lost too.
const skipPause = 10 * time.Millisecond

func (a *Attempt) pause() {
	pause := time.NewTimer(skipPause)
	defer pause.Stop()
	select {
	case <-pause.C:
	case <-a.ctx.Done():
	}
}

// Answering reports that the end of the response is about to be sent. The response counts as lost
// if the sender has disconnected or timed out by now. Later neither matters, since a client may
// disconnect once it has its response. Only the first call has an effect; [Attempt.End] makes it if
// necessary.
func (a *Attempt) Answering() {
	if a.response.Load() != unanswered {
		return
	}
	took := time.Since(a.start)
	if took < fastHandler && a.connection == nil {
		// net/http notices disconnects in another goroutine. A fast handler leaves it no time to
		// run.
		runtime.Gosched()
	}
	stopped := a.stopWatching != nil && a.stopWatching()
	if stopped {
		a.guard.watched.Add(-1)
	}
	a.wasDisconnected = a.senderDisconnected()
	a.wasHalfClosed = a.wasDisconnected && a.connection != nil && a.connection.Peer() == socket.Closed
	if a.wasDisconnected {
		a.response.Store(answeredDisconnected)
	} else {
		a.response.Store(answered)
	}
	a.isLate = a.guard.senderTimeout > 0 && took > a.guard.senderTimeout
	if a.wasDisconnected && stopped {
		_ = a.persist(a.abandonCall())
	}
}

// fastHandler is the duration below which a handler leaves other goroutines no time to run.
const fastHandler = time.Millisecond

// The states of the response to an attempt.
const (
	unanswered int32 = iota
	answered
	answeredDisconnected
)

// Buffered reports that the response is sent only after [Attempt.End]. The response counts as lost
// if the request's context ends during End.
func (a *Attempt) Buffered() { a.isBuffered = true }

// End ends the attempt. acknowledged reports whether the response had a 2xx status, and lost
// whether the response is known to be lost for another reason than those of [Attempt.Answering].
// Call End exactly once per attempt, after sending the response. If the store fails, End returns
// anyway, and the [Guard] retries in the background.
func (a *Attempt) End(acknowledged, lost bool) {
	defer a.guard.inProgress.Add(-1)
	a.Answering()
	isProcessed := acknowledged || a.skip || a.isCommitted()
	a.guard.observe(&a.detached, Observation{a.event, a.outcome(isProcessed), nil, a.beginTook})
	if a.untracked {
		return
	}
	if isProcessed && (a.guard.oncePerBody || lost || !acknowledged || a.isLate || a.isLost()) {
		a.credit = a.guard.lease.Retention
	}
	err := a.persistEnd()
	if isProcessed && a.credit == 0 && a.isBuffered && a.senderDisconnected() {
		a.credit = a.guard.lease.Retention
		err = a.persistEnd()
	}
	if a.beginTook > slowStore { // the store's client may have sent Begin twice
		a.close(err)
	}
}

// persistEnd ends the attempt in the store. If that fails, it returns the error and retries in the
// background.
func (a *Attempt) persistEnd() error {
	if a.guard.memory != nil {
		a.endInMemory()
		return nil
	}
	return a.persist(a.endCall())
}

// isLost reports whether the response is lost, as far as anyone can tell. A sender that looked
// disconnected at Answering may have shut down only its sending side. One that did not may have
// reset the connection since.
func (a *Attempt) isLost() bool {
	if a.connection == nil || a.isBuffered {
		return a.wasDisconnected
	}
	if a.wasDisconnected && !a.wasHalfClosed {
		return true // the connection or HTTP/2 stream was reset, or a deadline passed
	}
	switch a.connection.Fate() {
	case socket.Arrived:
		return false
	case socket.Lost:
		return true
	default:
		return a.wasDisconnected
	}
}

// onContextDone is called when the request's context is done while the attempt is in progress.
func (a *Attempt) onContextDone() {
	defer a.guard.watched.Add(-1)
	if a.senderDisconnected() {
		_ = a.persist(a.abandonCall())
	}
}

// senderDisconnected reports whether the sender disconnected, or the request was ended by something
// else.
func (a *Attempt) senderDisconnected() bool {
	switch {
	case a.connection == nil:
		return a.ctx.Err() != nil
	case a.connection.isDisconnected():
		return true
	default:
		return a.ctx.Err() != nil && !a.connection.isStopping(a.ctx)
	}
}

// isAbandoned tells a Memory whether the sender disconnected while the attempt was in progress.
func (a *Attempt) isAbandoned() bool {
	known := a.response.Load()
	return known == answeredDisconnected || known == unanswered && a.ctx.Err() != nil && a.senderDisconnected()
}

// isCommitted reports whether the handler's effect is known to be committed, whatever the response.
// It is not known if the store panics.
func (a *Attempt) isCommitted() bool {
	if a.guard.committer == nil || a.untracked {
		return false
	}
	committed, err := a.askCommitter()
	if err != nil {
		a.guard.observe(&a.detached, Observation{a.event, StoreFailed, err, 0})
	}
	return committed
}

func (a *Attempt) askCommitter() (committed bool, err error) {
	defer panicAsError(&err)
	return a.guard.committer.Committed(a.id), nil
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
