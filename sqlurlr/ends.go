package sqlurlr

import (
	"context"
	"encoding/hex"
	"errors"
	"sync"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// maxBatch is how many attempts end in one statement, at most.
const maxBatch = 64

// ends ends attempts that leave nothing. Those that come while others are on their way share the next
// statement: no answer waits for them, and they are half of all steps.
type ends struct {
	sending sync.Mutex // held while a batch is on its way

	mu   sync.Mutex
	next *batch // which more may join; nil: none
}

type batch struct {
	ids  map[string]dedupe.AttemptID // by fingerprint: two of one could wait for a Begin that waits for them
	err  error
	sent chan struct{} // closed when err is known
}

var errNotSent = errors.New("the driver panicked")

// run ends an attempt. The first of a batch sends it.
func (e *ends) run(ctx context.Context, s *Store, k key) error {
	b, isFirst := e.join(k)
	switch {
	case b == nil:
		return s.end(ctx, s.db, k)
	case isFirst:
		e.send(context.WithoutCancel(ctx), s, b) // the context of one is not that of the others
	}
	<-b.sent
	return b.err
}

// join returns the next batch, or nil if there is no room.
func (e *ends) join(k key) (b *batch, isFirst bool) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.next == nil {
		e.next, isFirst = &batch{ids: map[string]dedupe.AttemptID{}, err: errNotSent, sent: make(chan struct{})}, true
	}
	if _, isThere := e.next.ids[k.fingerprint]; isThere || len(e.next.ids) == maxBatch {
		return nil, false
	}
	e.next.ids[k.fingerprint] = k.id
	return e.next, isFirst
}

// send sends a batch when the one before it is done and a connection is free. Until then, more may join
// it.
func (e *ends) send(ctx context.Context, s *Store, b *batch) {
	e.sending.Lock()
	defer e.sending.Unlock()
	defer close(b.sent)
	ctx, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	connection, err := s.db.Conn(ctx)
	e.mu.Lock()
	e.next = nil
	e.mu.Unlock()
	if err != nil {
		b.err = err
		return
	}
	defer connection.Close()
	b.err = s.endAll(ctx, connection, b.ids)
}

// endAll ends attempts of different fingerprints.
func (s *Store) endAll(ctx context.Context, e executor, ids map[string]dedupe.AttemptID) error {
	args := []any{s.clock()}
	for fingerprint, id := range ids {
		args = append(args, fingerprint, hex.EncodeToString(id[:]))
	}
	statement, size := s.statements.endAll(len(ids))
	for len(args) < 1+2*size {
		args = append(args, args[1:3]...)
	}
	result, err := e.ExecContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	if ended, err := result.RowsAffected(); err != nil || ended == int64(len(ids)) {
		return err
	}
	for fingerprint, id := range ids { // of some there is no row, or more is known
		if err := s.end(ctx, e, key{fingerprint, id}); err != nil {
			return err
		}
	}
	return nil
}
