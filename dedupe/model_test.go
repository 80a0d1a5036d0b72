package dedupe_test

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// TestModel plays random histories of one click and its twins: the hardest case, since all
// deliveries look the same. In the end every click must have been counted once. Only undetectable
// faults may make a difference, of one each.
func TestModel(t *testing.T) {
	body := urlrtest.Body(urlrtest.NewEvent(), urlrtest.Latest)
	event, err := core.MustVerifier("secret").Verify(t.Context(), body, core.Sign("secret", body))
	if err != nil {
		t.Fatal(err)
	}
	play := func(name string, prepare func(w *world) []actions) {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				inBubble(t, func() {
					w := newWorld(rt, event)
					w.play(prepare(w)...)
				})
			})
		})
	}
	play("detectable faults", func(w *world) []actions {
		return []actions{w.usual(), w.storeFaults()}
	})
	play("all faults", func(w *world) []actions {
		return []actions{w.usual(), w.storeFaults(), w.undetectableFaults()}
	})
	play("a Memory, which never fails", func(w *world) []actions {
		w.guard = dedupe.New(w.store.Memory, dedupe.WithLease(modelLease))
		return []actions{w.usual()}
	})
}

type actions map[string]func(*rapid.T)

// inBubble runs f in a synctest bubble and lets panics out, with which rapid ends a test.
func inBubble(t *testing.T, f func()) {
	var p any
	synctest.Test(t, func(*testing.T) {
		defer func() {
			p = recover()
			time.Sleep(modelLease) // until the guard gives up, even if rapid ended the test early
		}()
		f()
	})
	if p != nil {
		panic(p)
	}
}

// usual returns what happens to senders and receivers and can be detected.
func (w *world) usual() actions {
	return actions{
		"click":         w.click,
		"retry":         w.retry,
		"hang up":       w.hangUp,
		"succeed":       w.succeed,
		"fail":          w.fail,
		"lose response": w.loseResponse,
		"die before":    w.dieBeforeEffect,
		"time passes":   w.timePasses,

		"hang up during a skip": w.hangUpDuringSkip,
	}
}

func (w *world) storeFaults() actions {
	return actions{
		"refuse begin":    w.refuseBegin,
		"refuse end":      w.refuseEnd,
		"lose begin":      w.loseBegin,
		"begin late":      w.beginLate,
		"begin again":     w.beginAgain,
		"deadline at end": w.deadlineAtEnd,
		"lose end":        w.loseEnd,
	}
}

// undetectableFaults may make a difference of one each.
func (w *world) undetectableFaults() actions {
	return actions{
		"die after":                w.dieAfterEffect,
		"lose response undetected": w.loseResponseUndetected,
		"lose bookkeeping":         w.loseBookkeeping,
	}
}

func (w *world) play(possible ...actions) {
	all := actions{}
	for _, a := range possible {
		maps.Copy(all, a)
	}
	w.t.Repeat(all)
	w.settle()
	w.check()
}

// modelLease is longer than any handler of the model takes.
const modelLease = time.Hour

// A world is a sender, a receiver, and what happened to them.
type world struct {
	t     *rapid.T
	event *core.Event
	store *fallible
	guard *dedupe.Guard

	clicks       int // that happened
	effects      int // clicks that were counted
	undetectable int // faults
	waiting      int // deliveries that were not acknowledged and will be retried
	connected    []*running
	disconnected []*running // whose sender disconnected
	unaware      []*running // whose sender disconnected, unnoticed until the response; all skip
}

// A running is an attempt in progress.
type running struct {
	attempt *dedupe.Attempt
	hangUp  context.CancelFunc
}

func newWorld(t *rapid.T, e *core.Event) *world {
	store := &fallible{Memory: dedupe.NewMemory()}
	return &world{t: t, event: e, store: store, guard: dedupe.New(store, dedupe.WithLease(modelLease))}
}

// A fallible store fails on demand.
type fallible struct {
	*dedupe.Memory
	beginFails bool
	beginDeaf  bool                               // Begin succeeds, but reports a failure
	beginLate  bool                               // Begin reports a failure, but succeeds a second later
	beginAgain bool                               // Begin arrives again a second later
	duringEnd  atomic.Pointer[context.CancelFunc] // called once
	endFails   atomic.Bool
	endDeaf    atomic.Bool // End succeeds once, but reports a failure
	loseNext   atomic.Bool // the next attempt never ends
	lost       sync.Map
}

func (s *fallible) Begin(
	ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease,
) (dedupe.Decision, error) {
	if s.beginFails {
		return 0, errDown
	}
	if s.beginDeaf {
		_, _ = s.Memory.Begin(ctx, fingerprint, id, lease)
		return 0, errDown
	}
	if s.beginLate || s.beginAgain {
		time.AfterFunc(time.Second, func() { _, _ = s.Memory.Begin(ctx, fingerprint, id, lease) })
	}
	if s.beginLate {
		return 0, errDown
	}
	if s.beginAgain {
		time.Sleep(200 * time.Millisecond)
	}
	return s.Memory.Begin(ctx, fingerprint, id, lease)
}

func (s *fallible) End(ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration) error {
	if s.loseNext.CompareAndSwap(true, false) {
		s.lost.Store(id, true)
	}
	if _, lost := s.lost.Load(id); lost || s.endFails.Load() {
		return errDown
	}
	if f := s.duringEnd.Swap(nil); f != nil {
		(*f)()
	}
	err := s.Memory.End(ctx, fingerprint, id, credit)
	if s.endDeaf.CompareAndSwap(true, false) {
		return errDown
	}
	return err
}

// click makes a click, and the sender deliver it.
func (w *world) click(*rapid.T) {
	w.clicks++
	w.deliver()
}

func (w *world) retry(t *rapid.T) {
	if w.waiting == 0 {
		t.Skip()
	}
	w.waiting--
	w.deliver()
}

// deliver sends a delivery. If the guard refuses it, it will be retried.
func (w *world) deliver() {
	ctx, cancel := context.WithCancel(core.NewContext(context.Background(), w.event))
	attempt, err := w.guard.Begin(ctx)
	if err != nil {
		cancel()
		w.waiting++
		return
	}
	w.connected = append(w.connected, &running{attempt, cancel})
}

// hangUp makes a sender disconnect during its attempt. The receiver notices.
func (w *world) hangUp(t *rapid.T) {
	r := take(t, &w.connected)
	r.hangUp()
	synctest.Wait()
	w.waiting++
	w.disconnected = append(w.disconnected, r)
}

// hangUpDuringSkip makes a sender disconnect while its retry is being skipped. The receiver notices
// when it responds, but the next retry may arrive earlier.
func (w *world) hangUpDuringSkip(t *rapid.T) {
	r := take(t, &w.connected)
	if !r.attempt.Skip() {
		w.connected = append(w.connected, r)
		t.Skip()
	}
	w.waiting++
	w.unaware = append(w.unaware, r)
}

// succeed makes a handler succeed. If its sender is still connected, it gets the response.
func (w *world) succeed(t *rapid.T) {
	r, _ := w.takeAny(t)
	w.end(r, true, false)
}

func (w *world) fail(t *rapid.T) {
	r, isConnected := w.takeAny(t)
	w.end(r, r.attempt.Skip(), false) // a skipped delivery runs no handler that could fail
	if isConnected && !r.attempt.Skip() {
		w.waiting++
	}
}

// loseResponse makes a handler succeed whose response cannot be written. The receiver notices.
func (w *world) loseResponse(t *rapid.T) {
	w.end(take(t, &w.connected), true, true)
	w.waiting++
}

// dieBeforeEffect kills the process before a handler has had its effect.
func (w *world) dieBeforeEffect(t *rapid.T) {
	r, isConnected := w.takeAny(t)
	if r.attempt.Skip() { // the effect happened before
		w.end(r, true, false)
	} else if isConnected {
		w.waiting++
	}
}

// refuseBegin makes the store fail when a delivery arrives.
func (w *world) refuseBegin(t *rapid.T) {
	w.store.beginFails = true
	w.click(t)
	w.store.beginFails = false
}

// loseBegin makes the store begin an attempt but loses its response. The retry arrives after the
// guard's next call.
func (w *world) loseBegin(t *rapid.T) {
	w.store.beginDeaf = true
	w.click(t)
	w.store.beginDeaf = false
	time.Sleep(time.Second)
}

// beginLate makes an attempt begin after the guard has undone it.
func (w *world) beginLate(t *rapid.T) {
	w.store.beginLate = true
	w.click(t)
	w.store.beginLate = false
	time.Sleep(2 * time.Second)
}

// beginAgain makes an attempt begin, end, and begin again.
func (w *world) beginAgain(t *rapid.T) {
	before := len(w.connected)
	w.store.beginAgain = true
	w.click(t)
	w.store.beginAgain = false
	if len(w.connected) > before {
		r := w.connected[before]
		w.connected = w.connected[:before]
		w.end(r, true, false)
	}
	time.Sleep(2 * time.Second)
}

// deadlineAtEnd lets something else respond in place of the receiver while the attempt ends.
func (w *world) deadlineAtEnd(t *rapid.T) {
	r := take(t, &w.connected)
	r.attempt.Buffered()
	w.store.duringEnd.Store(&r.hangUp)
	w.end(r, true, false)
	w.waiting++
}

// loseEnd makes the store keep a credit but loses its response. The retry arrives before or after
// the guard's next call.
func (w *world) loseEnd(t *rapid.T) {
	r := take(t, &w.connected)
	w.store.endDeaf.Store(true)
	w.end(r, true, true)
	w.store.endDeaf.Store(false) // in case there was nothing to end
	w.waiting++
}

func (w *world) timePasses(t *rapid.T) {
	time.Sleep(time.Duration(rapid.IntRange(1, 10_000).Draw(t, "milliseconds")) * time.Millisecond)
}

// loseResponseUndetected loses a response after the receiver sent it.
func (w *world) loseResponseUndetected(t *rapid.T) {
	w.end(take(t, &w.connected), true, false)
	w.waiting++
	w.undetectable++
}

// dieAfterEffect kills the process between the effect and the bookkeeping.
func (w *world) dieAfterEffect(t *rapid.T) {
	r, isConnected := w.takeAny(t)
	if !r.attempt.Skip() {
		w.effects++
	}
	if isConnected {
		w.waiting++
	}
	w.undetectable++
}

// refuseEnd makes the store fail for a second when a credit is to be kept, before the retry
// arrives.
func (w *world) refuseEnd(t *rapid.T) {
	r := take(t, &w.connected)
	w.store.endFails.Store(true)
	w.end(r, true, true)
	time.Sleep(time.Second)
	w.store.endFails.Store(false)
	time.Sleep(2 * time.Second)
	w.waiting++
}

// loseBookkeeping makes the store never keep a credit.
func (w *world) loseBookkeeping(t *rapid.T) {
	r := take(t, &w.connected)
	w.store.loseNext.Store(true)
	w.end(r, true, true)
	w.waiting++
	w.undetectable++
}

// settle lets everything finish without further faults.
func (w *world) settle() {
	for i := 0; len(w.connected)+len(w.disconnected)+len(w.unaware)+w.waiting > 0; i++ {
		if i == 1000 {
			w.t.Fatalf("%d deliveries never acknowledged", w.waiting)
		}
		for _, r := range append(w.disconnected, w.connected...) {
			w.end(r, true, false)
		}
		for _, r := range w.unaware {
			w.end(r, true, true)
		}
		w.disconnected, w.connected, w.unaware = nil, nil, nil
		time.Sleep(modelLease) // attempts that died expire
		if w.waiting > 0 {
			w.waiting--
			w.deliver()
		}
	}
}

func (w *world) check() {
	// Each of them can count a click twice, but never lose one.
	if difference := w.effects - w.clicks; difference < 0 || difference > w.undetectable {
		w.t.Fatalf("%d clicks were counted %d times, with %d undetectable faults",
			w.clicks, w.effects, w.undetectable)
	}
}

func (w *world) end(r *running, succeeded, lost bool) {
	if succeeded && !r.attempt.Skip() {
		w.effects++
	}
	r.attempt.End(succeeded, lost)
	r.hangUp()
}

// takeAny removes an attempt in progress, and reports whether its sender is still connected.
func (w *world) takeAny(t *rapid.T) (r *running, isConnected bool) {
	if len(w.disconnected) > 0 && (len(w.connected) == 0 || rapid.Bool().Draw(t, "sender disconnected")) {
		return take(t, &w.disconnected), false
	}
	return take(t, &w.connected), true
}

// take removes one of the attempts, or skips the action if there are none.
func take(t *rapid.T, from *[]*running) *running {
	if len(*from) == 0 {
		t.Skip()
	}
	i := rapid.IntRange(0, len(*from)-1).Draw(t, "attempt")
	r := (*from)[i]
	*from = slices.Delete(*from, i, i+1)
	return r
}
