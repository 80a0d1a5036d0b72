package dedupe

import (
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"reflect"
	"sync"
	"sync/atomic"
	"time"

	"github.com/urlr-community/webhooks-go/core"
)

// A Guard lets each click be handled once. Make one with [New], and mount it with the Deduplicate
// of an adapter, behind its Verify. It is safe for concurrent use. Processes that serve the same
// endpoint must share a [Store].
type Guard struct {
	store                 Store
	memory                *Memory   // the same, if it is one
	committer             Committer // the same, if it is one
	lease                 Lease
	senderTimeout         time.Duration
	oncePerBody           bool
	processOnStoreFailure bool
	observers             []func(context.Context, Observation)
	underWay              atomic.Int64 // attempts
	pending               atomic.Int64 // steps of bookkeeping that are tried again in the background
	isShutdown            chan struct{}
	shutdownOnce          sync.Once
}

// New returns a guard that keeps its knowledge in a store: [NewMemory] for a single process. It
// panics on a nil store or a nil or impossible option.
func New(store Store, opts ...Option) *Guard {
	if isNil(store) {
		panic("urlr: dedupe.New needs a Store, got nil: use dedupe.NewMemory() for a single process")
	}
	memory, isMemory := store.(*Memory)
	if isMemory && memory.limit == 0 {
		panic("urlr: dedupe.New got a Memory that NewMemory did not make: use dedupe.NewMemory()")
	}
	g := &Guard{store: store, memory: memory, lease: Lease{Duration: DefaultLease}, isShutdown: make(chan struct{})}
	g.committer, _ = store.(Committer)
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

// Begin decides what becomes of a delivery. ctx is the context of its request, with the event of
// Verify in it; without one, Begin returns [core.ErrNotVerified]. If Begin returns an error, the
// delivery must not be handled, but answered with [core.StatusCode] of the error. Otherwise
// [Attempt.End] must be called, whatever happens. Begin is for authors of adapters: see [Attempt].
// Users mount the Deduplicate of an adapter.
func (g *Guard) Begin(ctx context.Context) (*Attempt, error) {
	e, ok := core.FromContext(ctx)
	if !ok || e.Fingerprint() == "" { // an event that no Verifier returned
		return nil, core.ErrNotVerified
	}
	g.underWay.Add(1)
	if g.refusesNew() {
		g.underWay.Add(-1)
		return nil, errShutdown
	}
	a := &Attempt{guard: g, ctx: ctx, connection: connectionOf(ctx), bookkeeping: withoutCancel{ctx},
		event: e, id: newAttemptID(), fingerprint: e.Fingerprint(), start: time.Now()}
	if err := a.begin(); err != nil {
		g.underWay.Add(-1)
		return nil, err
	}
	if a.skip && !g.oncePerBody {
		a.pause()
	}
	return a, nil
}

// begin begins an attempt in the store. On an error, none is under way.
func (a *Attempt) begin() error {
	g := a.guard
	decision, err := g.beginUnlessPending(a)
	if g.memory == nil {
		a.beginTook = time.Since(a.start)
	}
	switch {
	case err != nil && a.senderIsGone():
		g.observe(a.ctx, Observation{a.event, Failed, nil, a.beginTook})
		return errGone
	case err != nil:
		g.observe(a.ctx, Observation{a.event, StoreFailed, err, a.beginTook})
		if !g.processOnStoreFailure {
			return fmt.Errorf("urlr: dedupe store: %w: %w", core.ErrUnavailable, err)
		}
		a.unknown = true
		return nil
	case decision == ComeBack:
		g.observe(a.ctx, Observation{a.event, ToldToWait, nil, a.beginTook})
		return errComeBack
	case a.beginTook > slowStore && a.connection != nil && a.connection.isClosed():
		_ = a.keep(a.undoing())
		g.observe(a.ctx, Observation{a.event, Failed, nil, a.beginTook})
		return errGone
	}
	a.skip = decision == Skip
	if g.memory == nil { // to watch a context costs more than all else
		a.stopWatching = context.AfterFunc(a.ctx, a.onContextDone)
	}
	return nil
}

// A slowStore may have been down for a moment. A client that did not wait for it may have sent the
// delivery again already, and the two would look like twins: so the first is not handled.
// And the store's client may have sent the Begin twice.
const slowStore = 100 * time.Millisecond

var errPending = fmt.Errorf("%d steps of bookkeeping are still to be taken", maxPending)

// beginUnlessPending begins an attempt, unless the store already owes too many steps.
func (g *Guard) beginUnlessPending(a *Attempt) (Decision, error) {
	if g.pending.Load() >= maxPending {
		return 0, errPending
	}
	decision, err := g.decide(a)
	if err != nil {
		a.keepLater(a.undoing(), err)
	}
	return decision, err
}

func (g *Guard) decide(a *Attempt) (decision Decision, err error) {
	if g.memory != nil {
		decision, evicted := g.memory.begin(a, a.fingerprint, a.id, g.lease)
		a.observeEvicted(evicted)
		return decision, nil
	}
	defer panicAsError(&err)
	decision, err = g.store.Begin(a.ctx, a.fingerprint, a.id, g.lease)
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
