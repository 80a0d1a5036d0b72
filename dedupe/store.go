package dedupe

import (
	"context"
	"time"
)

// BookkeepingTime is for how long at most a [Guard] repeats a step that the [Store] failed to take, and so how late a step may come a second
// time.
const BookkeepingTime = time.Hour

// A Store keeps what a [Guard] knows of each fingerprint: attempts that are under way (begun, not ended, and their lease is not over), and
// credits. Each method is one atomic step. Package storetest has the tests that every Store must pass.
//
// It keeps, of each attempt, its id, when its lease ends, whether it took a credit, whether its sender is gone, and its [Lease]; of each
// credit, the id of the attempt that it is of, when it was added and when it ends, and whether it is an orphan's.
//
// What has ended counts for nothing, except that an attempt whose lease has ended becomes a credit if it took one, or if the lease's
// OrphansProcessed says so. That credit is added when the lease ends, and ends the lease's Retention later. It is an orphan's if the
// attempt took none.
//
// A step may come twice: clients of databases repeat what they got no answer to, and so does a Guard, for [BookkeepingTime]. The second
// time it must change nothing, also not the time at which something ends, and a Begin of an attempt that is under way must decide the same.
// So when a credit is taken, the Store remembers the id of the attempt that it is of until BookkeepingTime after the credit was added: an End
// of that attempt adds none. If the lease of the Begin that takes it is Exclusive, it need not: a credit too many does no harm there, and
// there would be as many ids as deliveries.
//
// The contexts of Abandon, Undo and End are never done, since what they tell must be kept when a request is over: a Store bounds the time of
// its steps itself, for instance by the time-outs of its client.
type Store interface {
	// Begin decides what becomes of a delivery:
	//
	//  1. If there is a credit of the fingerprint, it is removed, the attempt is added as one that took a credit, and the decision is
	//     Skip. Of several credits the one that ends first is taken.
	//  2. Otherwise, if an attempt is under way whose sender is gone, the decision is ComeBack, and nothing changes.
	//  3. Otherwise the attempt is added, and the decision is Process.
	Begin(ctx context.Context, fingerprint string, attempt AttemptID, lease Lease) (Decision, error)

	// Abandon notes that the sender of an attempt is gone. An attempt that is not under way is no error.
	Abandon(ctx context.Context, fingerprint string, attempt AttemptID) error

	// Undo takes back a Begin whose decision may have got lost: it removes the attempt and, if that took a credit, adds a credit of
	// this attempt that ends the Retention of its lease from now. If the attempt has become an orphan's credit since, that is removed.
	// An attempt that is not under way is no error.
	Undo(ctx context.Context, fingerprint string, attempt AttemptID) error

	// End removes an attempt and, if credit is above 0, adds a credit of it that ends that long from now, unless there is or was one. An attempt
	// that is not under way (any more) is no error. If credit is 0, a credit that the attempt has become since its lease ended is removed.
	End(ctx context.Context, fingerprint string, attempt AttemptID, credit time.Duration) error
}

// An AttemptID tells attempts apart, over all processes that share a Store.
type AttemptID [16]byte

// A Lease is what becomes of an attempt that nobody ends, because its process died.
type Lease struct {
	Duration         time.Duration // from Begin
	Retention        time.Duration // of the credit that the attempt becomes, if it becomes one
	OrphansProcessed bool          // it becomes one even if it took none
	Exclusive        bool          // its sender counts as gone from the beginning, so that no twin is processed beside it
}

// A Decision is what becomes of a delivery.
type Decision uint8

// The decisions.
const (
	Process  Decision = iota + 1 // it is handled
	Skip                         // it is acknowledged without being handled
	ComeBack                     // it is refused, and to be sent again
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
