package dedupe

import (
	"context"
	"time"
)

// BookkeepingTime is the longest a [Guard] retries a failed [Store] call, and so the latest one may
// be repeated.
const BookkeepingTime = time.Hour

// A Store keeps the state of a [Guard]. Each method is one atomic operation. Package storetest has
// the tests that every Store must pass.
//
// For each fingerprint, a Store keeps
//
//   - attempts in progress: begun, not ended, and within their lease. Each with its ID, its [Lease]
//     and when that ends, whether it used up a credit, and whether its sender disconnected.
//   - credits. Each with the ID of its attempt, when it was added, when it expires, whether its
//     attempt is an orphan, and if so, whether that orphan had used up a credit.
//   - closed attempts, whose calls must have no effect anymore. Each with its ID, and until when it
//     is closed.
//
// A Store ignores what has expired, with one exception. An attempt whose lease ends is an orphan.
// It becomes a credit if it used one up, or if its lease says OrphansProcessed. That credit is
// added when the lease ends, and expires the lease's Retention later.
//
// Calls may arrive twice, and late: database clients repeat calls that got no response, a Guard
// retries for BookkeepingTime, and networks delay packets. So a repeated call changes nothing, not
// even an expiry, and a repeated Begin of an attempt in progress returns the same decision. For a
// closed attempt, Begin changes nothing and returns ComeBack, and End adds no credit. An attempt is
// closed
//
//   - when its credit is used up, until BookkeepingTime after the credit was added. If the Begin
//     that uses it up has an Exclusive lease, the Store need not close the attempt: there, an extra
//     credit does no harm, and every delivery would leave a closed attempt.
//   - by Undo, for BookkeepingTime, whether or not it was in progress.
//
// The contexts of Abandon, Undo and End are never canceled, since their effect must outlive the
// request. A Store limits the duration of its calls itself, with its client's timeouts for example.
type Store interface {
	// Begin decides what happens to a delivery:
	//
	//   1. If the attempt is in progress, the decision is the same as before. If it is closed, the
	//      decision is ComeBack. Either way nothing changes.
	//   2. If the fingerprint has credits, the one that expires first is removed, the attempt is
	//      added as one that used up a credit, and the decision is Skip.
	//   3. If an attempt in progress used up a credit, or its sender disconnected, the decision is
	//      ComeBack, and nothing changes.
	//   4. Otherwise the attempt is added, and the decision is Process.
	Begin(ctx context.Context, fingerprint string, attempt AttemptID, lease Lease) (Decision, error)

	// Abandon records that the sender of an attempt disconnected. If the attempt is not in
	// progress, it changes nothing and returns nil.
	Abandon(ctx context.Context, fingerprint string, attempt AttemptID) error

	// Undo reverts a Begin whose decision was lost, or which may still arrive. It removes the
	// attempt and, if that used up a credit, adds a credit of this attempt that expires the lease's
	// Retention from now. If the attempt became an orphan's credit without having used one up, Undo
	// removes that credit. In any case it closes the attempt. A Guard also calls Undo after End if
	// the Begin may arrive again: then there is nothing to remove, and the credit that End added
	// stays.
	Undo(ctx context.Context, fingerprint string, attempt AttemptID) error

	// End removes an attempt. It returns nil if the attempt is not in progress.
	//
	// If credit is positive, End adds a credit of the attempt that expires that long from now,
	// unless the attempt is closed or already has a credit. If that credit is an orphan's, it stays
	// as it is, but is no longer an orphan's.
	//
	// If credit is 0, End removes the attempt's credit if it is an orphan's. A credit added by
	// another End stays. A Guard may call End with 0 first, and with a credit later.
	End(ctx context.Context, fingerprint string, attempt AttemptID, credit time.Duration) error
}

// A Committer is a Store in the same database as the effects of handlers, so that it can commit an
// effect and its bookkeeping together. A Store that wraps a Committer must be one, too.
type Committer interface {
	Store

	// Committed reports whether the effect of an attempt is committed. A [Guard] calls it before it
	// ends the attempt. If true, the attempt counts as processed whatever the response, and unless
	// that was a 2xx, a retry is expected. Committed does not wait for the database. If it is not
	// known whether the effect is committed, it returns false, and the Store finds out when the
	// attempt ends.
	Committed(attempt AttemptID) bool
}

// An AttemptID identifies an attempt among all processes that share a Store.
type AttemptID [16]byte

// A Lease says what becomes of an attempt that is never ended, because its process died.
type Lease struct {
	Duration  time.Duration // from Begin
	Retention time.Duration // of the credit that the attempt may become

	// OrphansProcessed makes the attempt a credit even if it used none up.
	OrphansProcessed bool

	// Exclusive treats the sender as disconnected from the start, so that twins are deferred.
	Exclusive bool
}

// A Decision says what happens to a delivery.
type Decision uint8

// The decisions.
const (
	Process  Decision = iota + 1 // handle it
	Skip                         // acknowledge it without handling it
	ComeBack                     // defer it: refuse it, so that it is retried
)

// String returns "process", "skip" or "come back".
func (d Decision) String() string {
	switch d {
	case Process:
		return "process"
	case Skip:
		return "skip"
	case ComeBack:
		return "come back"
	default:
		return "invalid"
	}
}
