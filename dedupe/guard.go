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

// A Guard makes sure that each click is handled once. Create one with [New], and mount an adapter's
// Deduplicate after its Verify. A Guard is safe for concurrent use. Processes that serve the same
// endpoint must share a [Store].
type Guard struct {
	store                 Store
	memory                *Memory   // store, if it is one
	committer             Committer // store, if it is one
	lease                 Lease
	senderTimeout         time.Duration
	oncePerBody           bool
	processOnStoreFailure bool
	observers             []func(context.Context, Observation)
	inProgress            atomic.Int64  // attempts
	watched               atomic.Int64  // contexts that may still lead to an Abandon
	pending               atomic.Int64  // store calls being retried in the background
	isShutdown            chan struct{} // closed by Shutdown
	shutdownOnce          sync.Once
}

// New returns a Guard that keeps its state in store; use [NewMemory] for a single process. It
// panics if store or an option is nil or invalid.
func New(store Store, opts ...Option) *Guard {
	if isNil(store) {
		panic("urlr: dedupe.New: nil store")
	}
	memory, isMemory := store.(*Memory)
	if isMemory && memory.limit == 0 {
		panic("urlr: dedupe.New: Memory not created by NewMemory")
	}
	g := &Guard{store: store, memory: memory, lease: Lease{Duration: DefaultLease}, isShutdown: make(chan struct{})}
	g.committer, _ = store.(Committer)
	for _, opt := range opts {
		if opt == nil {
			panic("urlr: dedupe.New: nil option")
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

var errDeferred = fmt.Errorf("urlr: delivery deferred, an earlier attempt is in progress: %w", core.ErrUnavailable)

// errDisconnected is not a failure of the store, although the store cannot tell.
var errDisconnected = fmt.Errorf("urlr: sender disconnected before its delivery was handled: %w", core.ErrUnavailable)

// Begin decides what happens to a delivery. ctx is its request's context, with the event from
// Verify; without one, Begin returns [core.ErrNotVerified]. If Begin returns an error, do not
// handle the delivery but respond with [core.StatusCode] of the error. Otherwise always call
// [Attempt.End].
//
// Begin is for authors of adapters, see [Attempt]. Applications mount an adapter's Deduplicate.
func (g *Guard) Begin(ctx context.Context) (*Attempt, error) {
	e, ok := core.FromContext(ctx)
	if !ok || e.Fingerprint() == "" { // an event that no Verifier returned
		return nil, core.ErrNotVerified
	}
	g.inProgress.Add(1)
	if g.refusesNew() {
		g.inProgress.Add(-1)
		return nil, errShutdown
	}
	a := &Attempt{guard: g, ctx: ctx, connection: connectionOf(ctx), detached: withoutCancel{ctx},
		event: e, id: newAttemptID(), fingerprint: e.Fingerprint(), start: time.Now()}
	if err := a.begin(); err != nil {
		g.inProgress.Add(-1)
		return nil, err
	}
	if a.skip && !g.oncePerBody {
		a.pause()
	}
	return a, nil
}

// begin begins an attempt in the store. If it returns an error, none is in progress.
func (a *Attempt) begin() error {
	g := a.guard
	decision, err := g.tryBegin(a)
	if g.memory == nil {
		a.beginTook = time.Since(a.start)
	}
	switch {
	case err != nil && a.senderDisconnected():
		g.observe(a.ctx, Observation{a.event, Failed, nil, a.beginTook})
		return errDisconnected
	case err != nil:
		g.observe(a.ctx, Observation{a.event, StoreFailed, err, a.beginTook})
		if !g.processOnStoreFailure {
			return fmt.Errorf("urlr: dedupe store: %w: %w", core.ErrUnavailable, err)
		}
		a.untracked = true
		return nil
	case decision == ComeBack:
		g.observe(a.ctx, Observation{a.event, ToldToWait, nil, a.beginTook})
		return errDeferred
	case a.beginTook > slowStore && a.connection != nil && a.connection.isDisconnected():
		_ = a.persist(a.undoCall())
		g.observe(a.ctx, Observation{a.event, Failed, nil, a.beginTook})
		return errDisconnected
	}
	a.skip = decision == Skip
	if g.memory == nil { // watching a context costs more than everything else
		g.watched.Add(1)
		a.stopWatching = context.AfterFunc(a.ctx, a.onContextDone)
	}
	return nil
}

// A slowStore may have been down for a moment. A client that stopped waiting may have retried the
// delivery already, and the two would look like twins: so the first is not handled. Also, the
// store's client may have sent Begin twice.
const slowStore = 100 * time.Millisecond

var errPending = fmt.Errorf("%d store calls are pending", maxPending)

// tryBegin begins an attempt, unless too many store calls are pending.
func (g *Guard) tryBegin(a *Attempt) (Decision, error) {
	if g.pending.Load() >= maxPending {
		return 0, errPending
	}
	decision, err := g.decide(a)
	if err != nil {
		a.retry(a.undoCall(), err)
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
		err = fmt.Errorf("store returned unknown decision %d", decision)
	}
	return decision, err
}

// newAttemptID returns an ID that is unique, but not unpredictable: only the store sees it.
func newAttemptID() (id AttemptID) {
	binary.NativeEndian.PutUint64(id[:8], rand.Uint64()) //nolint:gosec // see above
	binary.NativeEndian.PutUint64(id[8:], rand.Uint64()) //nolint:gosec // see above
	return id
}
