package dedupe

import (
	"context"
	"time"
)

// BookkeepingTime is how long a [Guard] repeats a step that its [Store] failed to take, and so how
// late a step may arrive.
const BookkeepingTime = time.Hour

// A Store keeps what a [Guard] knows of each fingerprint. Each method is one atomic step. Package
// storetest has the tests that every Store must pass.
//
// For each fingerprint it keeps
//
//   - attempts that are under way: begun, not ended, and their lease is not over. Of each: its
//     id, when its lease ends, whether it took a credit, whether its sender is gone, and its
//     [Lease].
//   - credits. Of each: the id of its attempt, when it was added, when it ends, whether it is an
//     orphan's, and if so, whether that orphan had taken a credit.
//   - closed attempts. Of each: its id, and until when it is closed.
//
// What has ended counts for nothing, with one exception. An attempt whose lease ends is an orphan.
// It becomes a credit if it took one, or if its lease says OrphansProcessed. That credit is added
// when the lease ends, and ends the lease's Retention later.
//
// A step may arrive twice, and late: clients of databases repeat what they got no answer to, a
// Guard does so for BookkeepingTime, and networks delay packets. So the second time, a step changes
// nothing, not even the time at which something ends, and a Begin of an attempt that is under way
// decides the same again. Of an attempt that is closed, a Begin changes nothing and decides
// ComeBack, and an End adds no credit. An attempt is closed
//
//   - when its credit is taken, until BookkeepingTime after that credit was added. If the Begin
//     that takes it has an Exclusive lease, the Store need not close it: a credit too many does
//     no harm there, and there would be as many closed attempts as deliveries.
//   - by Undo, for BookkeepingTime, whether it was under way or not.
//
// The contexts of Abandon, Undo and End are never done, since what they tell must be kept when a
// request is over. A Store limits the time of its steps itself, for example by its client's
// timeouts.
type Store interface {
	// Begin decides what becomes of a delivery:
	//
	//  1. If the attempt is under way, the decision is the same as before; if it is closed, ComeBack.
	//     Either way nothing changes.
	//  2. If the fingerprint has a credit, it is removed, the attempt is added as one that took a
	//     credit, and the decision is Skip. Of several credits, the one that ends first is taken.
	//  3. If an attempt is under way that took a credit or whose sender is gone, the decision is
	//     ComeBack, and nothing changes.
	//  4. Otherwise the attempt is added, and the decision is Process.
	Begin(ctx context.Context, fingerprint string, attempt AttemptID, lease Lease) (Decision, error)

	// Abandon notes that the sender of an attempt is gone. If the attempt is not under way, it
	// changes nothing and returns nil.
	Abandon(ctx context.Context, fingerprint string, attempt AttemptID) error

	// Undo takes back a Begin whose decision may have been lost, or may still arrive. It removes the
	// attempt and, if that took a credit, adds a credit of this attempt that ends its lease's
	// Retention from now. If the attempt has become an orphan's credit without having taken one,
	// that credit is removed. In any case the attempt is closed. A Guard also calls Undo after End
	// if the Begin may arrive again. Then nothing is left to remove, and the credit that End added
	// stays.
	Undo(ctx context.Context, fingerprint string, attempt AttemptID) error

	// End removes an attempt. It is no error if the attempt is not under way (any more).
	//
	// If credit is above 0, End adds a credit of the attempt that ends that long from now, unless
	// the attempt is closed or already has a credit. If that is an orphan's, it stays as it is, but
	// is no orphan's any more.
	//
	// If credit is 0, the attempt's credit is removed if it is an orphan's. A credit that another
	// End added stays. A Guard may call End with 0 first, and with a credit later.
	End(ctx context.Context, fingerprint string, attempt AttemptID, credit time.Duration) error
}

// A Committer is a Store in the database of the handlers' effects, so that an effect and what the Store
// keeps of it can be committed together.
type Committer interface {
	Store

	// Committed reports whether the effect of an attempt is committed. A [Guard] asks before it ends the
	// attempt: if so, the attempt is processed, whatever it was answered with, and its sender comes again
	// unless that was a 2xx status. Committed does not wait for the database. If nobody knows whether the
	// effect is committed, it reports false, and the Store finds out when the attempt ends.
	Committed(attempt AttemptID) bool
}

// An AttemptID identifies an attempt, over all processes that share a Store.
type AttemptID [16]byte

// A Lease says what becomes of an attempt that nobody ends, because its process died.
type Lease struct {
	Duration         time.Duration // from Begin
	Retention        time.Duration // of the credit that the attempt becomes, if it becomes one
	OrphansProcessed bool          // it becomes one even if it took none
	Exclusive        bool          // its sender counts as gone from the start, so that no twin is processed beside it
}

// A Decision is what becomes of a delivery.
type Decision uint8

// The decisions.
const (
	Process  Decision = iota + 1 // handle it
	Skip                         // acknowledge it without handling it
	ComeBack                     // refuse it, so that it is sent again
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
