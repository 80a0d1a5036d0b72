package sqlurlr_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/sqlurlr"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

// TestModel plays random histories of one click and its twins, with handlers in transactions and
// processes that die. In the end, every click must have been counted once, except that one may be
// lost for each process that dies between a response and the end of its attempt, and for each
// response that comes after the lease.
func TestModel(t *testing.T) {
	databases := 0
	rapid.Check(t, func(rt *rapid.T) {
		databases++
		source := fmt.Sprintf("file:model%d?mode=memory&cache=shared", databases)
		inBubble(t, func() {
			w := newWorld(rt, source)
			defer w.close()
			rt.Repeat(map[string]func(*rapid.T){
				"click":            w.click,
				"retry":            w.retry,
				"hang up":          w.hangUp,
				"commit":           w.commit,
				"roll back":        w.rollBack,
				"succeed":          func(t *rapid.T) { w.answer(t, true, false) },
				"fail":             func(t *rapid.T) { w.answer(t, false, false) },
				"lose answer":      func(t *rapid.T) { w.answer(t, true, true) },
				"die":              w.die,
				"die after answer": w.dieAfterAnswer,
				"time passes":      w.timePasses,
			})
			w.settle()
			w.check()
		})
	})
}

// inBubble runs f in its own bubble and repeats its panics outside, because rapid ends a test with
// a panic.
func inBubble(t *testing.T, f func()) {
	t.Helper()
	var p any
	synctest.Test(t, func(*testing.T) {
		defer func() { p = recover() }()
		f()
	})
	if p != nil {
		panic(p)
	}
}

// A world is a sender, a receiver, and what happened.
type world struct {
	t     *rapid.T
	db    *sql.DB
	store *sqlurlr.Store
	guard *dedupe.Guard

	clicks  int // that happened
	unseen  int // processes that died after a response, and responses after the lease
	waiting int // unacknowledged deliveries, which will be retried
	running []*running
}

// A running is a delivery that the receiver is handling.
type running struct {
	attempt        *dedupe.Attempt
	begun          time.Time
	ctx            context.Context
	hangUp         context.CancelFunc
	isDisconnected bool // its sender disconnected
	isCommitted    bool
}

func newWorld(t *rapid.T, source string) *world {
	db, err := sql.Open("sqlite", source)
	require.NoError(t, err)
	db.SetMaxOpenConns(1)
	w := &world{t: t, db: db}
	w.restart()
	require.NoError(t, w.store.Create(context.Background()))
	_, err = db.ExecContext(context.Background(), `CREATE TABLE clicks (code text, country text, city text, at bigint)`)
	require.NoError(t, err)
	return w
}

func (w *world) close() {
	for _, r := range w.running {
		r.hangUp()
	}
	synctest.Wait()
	_ = w.db.Close()
	synctest.Wait()
}

// restart starts a process.
func (w *world) restart() {
	w.store = sqlurlr.New(w.db, sqlurlr.SQLite)
	w.guard = dedupe.New(w.store)
}

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

// deliver sends a delivery. If the guard defers it, it will be retried; if the guard skips it, it
// is acknowledged.
func (w *world) deliver() {
	body := urlrtest.Body(event, urlrtest.Latest)
	e, err := core.MustVerifier(secret).Verify(context.Background(), body, core.Sign(secret, body))
	require.NoError(w.t, err)
	ctx, cancel := context.WithCancel(core.NewContext(context.Background(), e))
	attempt, err := w.guard.Begin(ctx)
	if err != nil {
		require.ErrorIs(w.t, err, core.ErrUnavailable)
		cancel()
		w.waiting++
		return
	}
	w.running = append(w.running, &running{attempt: attempt, begun: time.Now(), ctx: ctx, hangUp: cancel})
}

// hangUp has a sender disconnect. The receiver sees it.
func (w *world) hangUp(t *rapid.T) {
	r := w.pick(t)
	if r.isDisconnected {
		t.Skip()
	}
	r.hangUp()
	synctest.Wait()
	r.isDisconnected = true
	w.waiting++
}

func (w *world) commit(t *rapid.T) { w.handle(w.pick(t), nil) }

func (w *world) rollBack(t *rapid.T) { w.handle(w.pick(t), errors.New("no")) }

// handle runs the handler of a delivery unless that is skipped or was handled. It must not commit
// after the lease.
func (w *world) handle(r *running, fails error) {
	if r.attempt.Skip() || r.isCommitted {
		return
	}
	e, _ := core.FromContext(r.ctx)
	handler := w.store.Handler(func(_ context.Context, tx *sql.Tx, e *core.Event) error {
		return errors.Join(insert(context.Background(), tx, e), fails)
	})
	r.isCommitted = handler(r.ctx, e) == nil
}

// answer responds to a delivery. It never acknowledges what is not committed.
func (w *world) answer(t *rapid.T, acknowledged, lost bool) {
	r := w.take(t)
	acknowledged = r.attempt.Skip() || acknowledged && r.isCommitted
	w.end(r, acknowledged, lost)
}

func (w *world) end(r *running, acknowledged, lost bool) {
	r.attempt.End(acknowledged, lost)
	if acknowledged && time.Since(r.begun) >= dedupe.DefaultLease {
		w.unseen++
	}
	if !r.isDisconnected && (!acknowledged || lost) {
		w.waiting++
	}
	r.hangUp()
}

// die ends the process before it has sent any response.
func (w *world) die(*rapid.T) {
	for _, r := range w.running {
		if !r.isDisconnected {
			w.waiting++
		}
	}
	w.running = nil
	w.restart()
}

// dieAfterAnswer ends the process after one response, before it has ended that attempt.
func (w *world) dieAfterAnswer(t *rapid.T) {
	r := w.take(t)
	if !r.isDisconnected {
		if r.isCommitted || r.attempt.Skip() {
			w.unseen++
		} else {
			w.waiting++
		}
	}
	w.die(t)
}

func (w *world) timePasses(t *rapid.T) {
	time.Sleep(time.Duration(rapid.IntRange(1, 90_000).Draw(t, "milliseconds")) * time.Millisecond)
}

// settle finishes everything without further faults.
func (w *world) settle() {
	for i := 0; len(w.running)+w.waiting > 0; i++ {
		if i == 1000 {
			w.t.Fatalf("%d deliveries are never acknowledged", w.waiting)
		}
		for _, r := range w.running {
			w.handle(r, nil)
			w.end(r, r.isCommitted || r.attempt.Skip(), false)
		}
		w.running = nil
		time.Sleep(2 * dedupe.DefaultLease)
		if w.waiting > 0 {
			w.waiting--
			w.deliver()
		}
	}
}

func (w *world) check() {
	effects := 0
	require.NoError(w.t, w.db.QueryRowContext(context.Background(), "SELECT count(*) FROM clicks").Scan(&effects))
	if lost := w.clicks - effects; lost < 0 || lost > w.unseen {
		w.t.Fatalf("%d clicks were counted %d times, with %d faults that nobody can see", w.clicks, effects, w.unseen)
	}
}

func (w *world) pick(t *rapid.T) *running {
	if len(w.running) == 0 {
		t.Skip()
	}
	return w.running[rapid.IntRange(0, len(w.running)-1).Draw(t, "delivery")]
}

func (w *world) take(t *rapid.T) *running {
	r := w.pick(t)
	i := slices.Index(w.running, r)
	w.running = slices.Delete(w.running, i, i+1)
	return r
}
