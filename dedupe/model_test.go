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
// deliveries look the same. In the end every click must have been counted once. Only faults that
// nobody can see may make a difference, of one each.
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
	play("faults that can be seen", func(w *world) []actions { return []actions{w.usual(), w.storeFaults()} })
	play("all faults", func(w *world) []actions { return []actions{w.usual(), w.storeFaults(), w.unseenFaults()} })
	play("a Memory, which never fails", func(w *world) []actions {
		w.guard = dedupe.New(w.store.Memory, dedupe.WithLease(modelLease))
		return []actions{w.usual()}
	})
}

type actions map[string]func(*rapid.T)

// inBubble runs f in a bubble of its own, and takes its panics out of there: they are how rapid
// ends a test.
func inBubble(t *testing.T, f func()) {
	var p any
	synctest.Test(t, func(*testing.T) {
		defer func() {
			p = recover()
			time.Sleep(modelLease) // until the guard gives its bookkeeping up, also if rapid left in the middle
		}()
		f()
	})
	if p != nil {
		panic(p)
	}
}

// usual is what happens to senders and receivers, and is seen.
func (w *world) usual() actions {
	return actions{
		"click":       w.click,
		"retry":       w.retry,
		"hang up":     w.hangUp,
		"succeed":     w.succeed,
		"fail":        w.fail,
		"lose answer": w.loseAnswer,
		"die before":  w.dieBeforeEffect,
		"time passes": w.timePasses,

		"hang up unseen over a skip": w.hangUpOverSkip,
	}
}

func (w *world) storeFaults() actions {
	return actions{
		"refuse to begin": w.refuseToBegin,
		"refuse the end":  w.refuseToEnd,
		"lose the begin":  w.loseTheBeginning,
		"begin late":      w.beginLate,
		"begin again":     w.beginAgain,
		"deadline at end": w.deadlineAtTheEnd,
		"lose the end":    w.loseTheEnd,
	}
}

// unseenFaults may make a difference of one each.
func (w *world) unseenFaults() actions {
	return actions{
		"die after":          w.dieAfterEffect,
		"lose answer unseen": w.loseAnswerUnseen,
		"lose bookkeeping":   w.loseBookkeeping,
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

// A world is a sender, a receiver, and what happened.
type world struct {
	t     *rapid.T
	event *core.Event
	store *fallible
	guard *dedupe.Guard

	clicks    int // that happened
	effects   int // that were counted
	unseen    int // faults that nobody can see
	waiting   int // deliveries that were not acknowledged and are to be sent again
	connected []*running
	alone     []*running // whose sender is gone
	unaware   []*running // whose sender is gone, which is seen only when it is answered; all skip
}

// A running is an attempt in the receiver.
type running struct {
	attempt *dedupe.Attempt
	hangUp  context.CancelFunc
}

func newWorld(t *rapid.T, e *core.Event) *world {
	store := &fallible{Memory: dedupe.NewMemory()}
	return &world{t: t, event: e, store: store, guard: dedupe.New(store, dedupe.WithLease(modelLease))}
}

// A fallible store fails when it is told to.
type fallible struct {
	*dedupe.Memory
	beginFails bool
	beginDeaf  bool                               // it begins, but says that it fails
	beginLate  bool                               // it begins a second later, and says that it fails
	beginAgain bool                               // it begins, and a second later again, as a client's packets may
	duringEnd  atomic.Pointer[context.CancelFunc] // called once
	endFails   atomic.Bool
	endDeaf    atomic.Bool // once it ends, but says that it fails
	loseNext   atomic.Bool // for ever
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

// click lets somebody click, and the sender deliver it.
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

// deliver sends a delivery; what the guard refuses is to be sent again.
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

// hangUp lets a sender give up while its attempt is running. The receiver sees it.
func (w *world) hangUp(t *rapid.T) {
	r := take(t, &w.connected)
	r.hangUp()
	synctest.Wait()
	w.waiting++
	w.alone = append(w.alone, r)
}

// hangUpOverSkip lets a sender give up while its retry is being skipped. The receiver sees it only
// when it answers, but the next retry may come before.
func (w *world) hangUpOverSkip(t *rapid.T) {
	r := take(t, &w.connected)
	if !r.attempt.Skip() {
		w.connected = append(w.connected, r)
		t.Skip()
	}
	w.waiting++
	w.unaware = append(w.unaware, r)
}

// succeed lets a handler succeed. If its sender is still there, it gets the answer.
func (w *world) succeed(t *rapid.T) {
	r, _ := w.takeAny(t)
	w.end(r, true, false)
}

func (w *world) fail(t *rapid.T) {
	r, isConnected := w.takeAny(t)
	w.end(r, r.attempt.Skip(), false) // nothing runs that could fail when a delivery is skipped
	if isConnected && !r.attempt.Skip() {
		w.waiting++
	}
}

// loseAnswer lets a handler succeed whose answer can't be written. The receiver sees it.
func (w *world) loseAnswer(t *rapid.T) {
	w.end(take(t, &w.connected), true, true)
	w.waiting++
}

// dieBeforeEffect lets the process die over a handler that has not done anything yet.
func (w *world) dieBeforeEffect(t *rapid.T) {
	r, isConnected := w.takeAny(t)
	if r.attempt.Skip() { // its effect is long done
		w.end(r, true, false)
	} else if isConnected {
		w.waiting++
	}
}

// refuseToBegin lets the store fail when a delivery arrives.
func (w *world) refuseToBegin(t *rapid.T) {
	w.store.beginFails = true
	w.click(t)
	w.store.beginFails = false
}

// loseTheBeginning lets the store begin an attempt, but its answer get lost. The retry comes later
// than the guard's next try.
func (w *world) loseTheBeginning(t *rapid.T) {
	w.store.beginDeaf = true
	w.click(t)
	w.store.beginDeaf = false
	time.Sleep(time.Second)
}

// beginLate lets an attempt begin after the guard has taken it back.
func (w *world) beginLate(t *rapid.T) {
	w.store.beginLate = true
	w.click(t)
	w.store.beginLate = false
	time.Sleep(2 * time.Second)
}

// beginAgain lets an attempt begin, end, and begin again.
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

// deadlineAtTheEnd lets something outside answer in the receiver's place, while the attempt is
// ended.
func (w *world) deadlineAtTheEnd(t *rapid.T) {
	r := take(t, &w.connected)
	r.attempt.Buffered()
	w.store.duringEnd.Store(&r.hangUp)
	w.end(r, true, false)
	w.waiting++
}

// loseTheEnd lets the store keep a credit, but its answer get lost. The retry comes before or after
// the guard's next try.
func (w *world) loseTheEnd(t *rapid.T) {
	r := take(t, &w.connected)
	w.store.endDeaf.Store(true)
	w.end(r, true, true)
	w.store.endDeaf.Store(false) // if there was nothing to end
	w.waiting++
}

func (w *world) timePasses(t *rapid.T) {
	time.Sleep(time.Duration(rapid.IntRange(1, 10_000).Draw(t, "milliseconds")) * time.Millisecond)
}

// loseAnswerUnseen lets an answer get lost behind the receiver.
func (w *world) loseAnswerUnseen(t *rapid.T) {
	w.end(take(t, &w.connected), true, false)
	w.waiting++
	w.unseen++
}

// dieAfterEffect lets the process die between the effect and the bookkeeping.
func (w *world) dieAfterEffect(t *rapid.T) {
	r, isConnected := w.takeAny(t)
	if !r.attempt.Skip() {
		w.effects++
	}
	if isConnected {
		w.waiting++
	}
	w.unseen++
}

// refuseToEnd lets the store fail for a second when a credit is to be kept, before the retry comes.
func (w *world) refuseToEnd(t *rapid.T) {
	r := take(t, &w.connected)
	w.store.endFails.Store(true)
	w.end(r, true, true)
	time.Sleep(time.Second)
	w.store.endFails.Store(false)
	time.Sleep(2 * time.Second)
	w.waiting++
}

// loseBookkeeping lets the store never take a credit.
func (w *world) loseBookkeeping(t *rapid.T) {
	r := take(t, &w.connected)
	w.store.loseNext.Store(true)
	w.end(r, true, true)
	w.waiting++
	w.unseen++
}

// settle lets everything come to its end without further faults.
func (w *world) settle() {
	for i := 0; len(w.connected)+len(w.alone)+len(w.unaware)+w.waiting > 0; i++ {
		if i == 1000 {
			w.t.Fatalf("%d deliveries are never acknowledged", w.waiting)
		}
		for _, r := range append(w.alone, w.connected...) {
			w.end(r, true, false)
		}
		for _, r := range w.unaware {
			w.end(r, true, true)
		}
		w.alone, w.connected, w.unaware = nil, nil, nil
		time.Sleep(modelLease) // what has died is given up
		if w.waiting > 0 {
			w.waiting--
			w.deliver()
		}
	}
}

func (w *world) check() {
	// Each of them makes a click count twice, none makes it lost.
	if difference := w.effects - w.clicks; difference < 0 || difference > w.unseen {
		w.t.Fatalf("%d clicks were counted %d times, with %d faults that nobody can see", w.clicks, w.effects, w.unseen)
	}
}

func (w *world) end(r *running, succeeded, lost bool) {
	if succeeded && !r.attempt.Skip() {
		w.effects++
	}
	r.attempt.End(succeeded, lost)
	r.hangUp()
}

// takeAny takes a running attempt, and tells whether its sender is still there.
func (w *world) takeAny(t *rapid.T) (r *running, isConnected bool) {
	if len(w.alone) > 0 && (len(w.connected) == 0 || rapid.Bool().Draw(t, "sender is gone")) {
		return take(t, &w.alone), false
	}
	return take(t, &w.connected), true
}

// take takes one of the attempts, if there are any.
func take(t *rapid.T, from *[]*running) *running {
	if len(*from) == 0 {
		t.Skip()
	}
	i := rapid.IntRange(0, len(*from)-1).Draw(t, "attempt")
	r := (*from)[i]
	*from = slices.Delete(*from, i, i+1)
	return r
}
