package store

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"sync/atomic"
)

// maxBatch bounds the writes of a commit: a larger one saves nothing, and its first write waits
// longer.
const maxBatch = 256

// A writer does all writes in one goroutine. Writes that arrive during a commit share the next one,
// so that each gets cheaper under load.
type writer struct {
	db         *sql.DB
	keep       int64
	committed  func()
	statements *statements
	requests   chan *request
	done       chan struct{}

	mu     sync.RWMutex // held for reading while sending to requests, so that it is not closed meanwhile
	closed bool
}

// A request is one write.
type request struct {
	do      func(*statements) (id int64, err error)
	claimed atomic.Bool  // by the writer, which runs it, or by its caller, who gave up
	out     chan outcome // has room for a value: its caller may have given up
	outcome
}

// claim reports whether this is the first call. So a write either runs and its caller learns of it,
// or it does not run.
func (r *request) claim() bool { return r.claimed.CompareAndSwap(false, true) }

type outcome struct {
	id  int64 // of an added delivery
	err error
}

func newWriter(db *sql.DB, keep int64, committed func()) (*writer, error) {
	st, err := prepareStatements(db)
	if err != nil {
		return nil, err
	}
	w := &writer{
		db: db, keep: keep, committed: committed, statements: st,
		requests: make(chan *request, maxBatch), done: make(chan struct{}),
	}
	go w.run()
	return w, nil
}

// write runs a function in the next transaction and returns its outcome after the commit. If ctx
// ends first, the function does not run.
func (w *writer) write(ctx context.Context, do func(*statements) (int64, error)) (int64, error) {
	if w == nil {
		return 0, errReadOnly
	}
	r := &request{do: do, out: make(chan outcome, 1)}
	if err := w.send(ctx, r); err != nil {
		return 0, err
	}
	select {
	case o := <-r.out:
		return o.id, o.err
	case <-ctx.Done():
	}
	if r.claim() {
		return 0, ctx.Err()
	}
	o := <-r.out // it comes soon: the transaction has begun
	return o.id, o.err
}

func (w *writer) send(ctx context.Context, r *request) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	w.mu.RLock()
	defer w.mu.RUnlock()
	if w.closed {
		return errClosed
	}
	select {
	case w.requests <- r:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// stop refuses new requests and waits until the pending ones are written. It reports whether this
// is the first call.
func (w *writer) stop() bool {
	w.mu.Lock()
	first := !w.closed
	w.closed = true
	if first {
		close(w.requests)
	}
	w.mu.Unlock()
	<-w.done
	return first
}

func (w *writer) close() error {
	return errors.Join(w.statements.close(), w.db.Close())
}

func (w *writer) run() {
	defer close(w.done)
	for r := range w.requests {
		w.commit(w.batch(r))
	}
}

// batch returns a request and those that are queued behind it.
func (w *writer) batch(first *request) []*request {
	batch := []*request{first}
	for len(batch) < maxBatch {
		select {
		case r, ok := <-w.requests:
			if !ok {
				return batch
			}
			batch = append(batch, r)
		default:
			return batch
		}
	}
	return batch
}

func (w *writer) commit(batch []*request) {
	err := explain(w.transact(batch))
	if err == nil {
		w.committed()
	}
	for _, r := range batch {
		if err != nil {
			r.outcome = outcome{err: err}
		}
		r.out <- r.outcome
	}
}

// transact runs requests in one transaction. After an error, none of them is written.
func (w *writer) transact(batch []*request) error {
	tx, err := w.db.Begin()
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	st := w.statements.in(tx)
	var last int64
	for _, r := range batch {
		if !r.claim() {
			continue
		}
		r.id, r.err = r.do(st)
		if r.err != nil && !errors.Is(r.err, ErrNotFound) {
			return r.err
		}
		last = max(last, r.id)
	}
	if err := st.dropUpTo(last - w.keep); err != nil {
		return err
	}
	return tx.Commit()
}
