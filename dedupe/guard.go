package dedupe

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"reflect"
	"sync/atomic"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// A Guard lets each click be handled once. Make one with [New], and mount it with the Deduplicate of an adapter, behind its Verify.
// It is safe for concurrent use. Processes that serve the same endpoint must share a [Store].
type Guard struct {
	store                 Store
	memory                *Memory // the same, if it is one
	lease                 Lease
	senderTimeout         time.Duration
	oncePerBody           bool
	processOnStoreFailure bool
	observers             []func(context.Context, Observation)
	pending               atomic.Int64 // steps of bookkeeping that are tried again in the background
}

// New returns a guard that keeps its knowledge in a store: [NewMemory] for a single process. It panics on a nil store or a nil or
// impossible option.
func New(store Store, opts ...Option) *Guard {
	if isNil(store) {
		panic("urlr: dedupe.New needs a Store, got nil: use dedupe.NewMemory() for a single process")
	}
	memory, isMemory := store.(*Memory)
	if isMemory && memory.limit == 0 {
		panic("urlr: dedupe.New got a Memory that NewMemory did not make: use dedupe.NewMemory()")
	}
	g := &Guard{store: store, memory: memory, lease: Lease{Duration: DefaultLease}}
	for _, opt := range opts {
		if opt == nil {
			panic("urlr: dedupe.New got a nil Option: leave it out")
		}
		opt(g)
	}
	if g.lease.Retention == 0 {
		g.lease.Retention = DefaultRetention
	}
	return g
}

func isNil(store Store) bool {
	v := reflect.ValueOf(store)
	return !v.IsValid() || v.Kind() == reflect.Pointer && v.IsNil()
}

var errComeBack = fmt.Errorf("urlr: an earlier attempt at this delivery is still under way: %w", core.ErrUnavailable)

// errGone is no failure of the store, although the store can't tell.
var errGone = fmt.Errorf("urlr: the sender went away before its delivery was begun: %w", core.ErrUnavailable)

// Begin decides what becomes of the delivery whose request has the context ctx, with an event of Verify in it; without one it returns
// [core.ErrNotVerified]. On an error the delivery is not to be handled, but answered with [core.StatusCode] of the error. Otherwise
// [Attempt.End] must be called, whatever happens. Begin is for adapters; users mount their Deduplicate.
func (g *Guard) Begin(ctx context.Context) (*Attempt, error) {
	e, ok := core.FromContext(ctx)
	if !ok || e.Fingerprint() == "" { // an event that no Verifier returned
		return nil, core.ErrNotVerified
	}
	a := &Attempt{guard: g, ctx: ctx, bookkeeping: withoutCancel{ctx}, event: e, id: newAttemptID(), fingerprint: e.Fingerprint(), start: time.Now()}
	decision, err := g.beginUnlessPending(ctx, a)
	switch {
	case err != nil && ctx.Err() != nil:
		g.observe(ctx, e, Failed, nil)
		return nil, errGone
	case err != nil:
		g.observe(ctx, e, StoreFailed, err)
		if !g.processOnStoreFailure {
			return nil, fmt.Errorf("urlr: dedupe store: %w: %w", core.ErrUnavailable, err)
		}
		a.unknown = true
		return a, nil
	case decision == ComeBack:
		g.observe(ctx, e, ToldToWait, nil)
		return nil, errComeBack
	}
	a.skip = decision == Skip
	if g.memory == nil { // to watch a context costs more than all else
		a.stopWatching = context.AfterFunc(ctx, a.onSenderGone)
	}
	if a.skip && !g.oncePerBody {
		a.pause()
	}
	return a, nil
}

var errPending = fmt.Errorf("%d steps of bookkeeping are still to be taken", maxPending)

// beginUnlessPending begins an attempt, unless the store already owes too many steps.
func (g *Guard) beginUnlessPending(ctx context.Context, a *Attempt) (Decision, error) {
	if g.pending.Load() >= maxPending {
		return 0, errPending
	}
	decision, err := g.begin(ctx, a)
	if err != nil {
		a.keepLater(a.undoing(), err)
	}
	return decision, err
}

func (g *Guard) begin(ctx context.Context, a *Attempt) (decision Decision, err error) {
	if g.memory != nil {
		return g.memory.begin(a, a.fingerprint, a.id, g.lease), nil
	}
	defer panicAsError(&err)
	decision, err = g.store.Begin(ctx, a.fingerprint, a.id, g.lease)
	if err == nil && (decision < Process || decision > ComeBack) {
		err = fmt.Errorf("store decided %d, which is no decision", decision)
	}
	return decision, err
}

// newAttemptID needs to be unique, not unpredictable: nobody but the store sees it.
func newAttemptID() (id AttemptID) {
	binary.NativeEndian.PutUint64(id[:8], rand.Uint64()) //nolint:gosec // see above
	binary.NativeEndian.PutUint64(id[8:], rand.Uint64()) //nolint:gosec // see above
	return id
}
