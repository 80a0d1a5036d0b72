package sqlurlr

import (
	"context"
	"encoding/hex"
	"sync"
	"sync/atomic"
	"time"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
)

// An attempt is one that this process has begun and not ended.
type attempt struct {
	key
	event     *core.Event // nil if no handler can find it
	lease     dedupe.Lease
	leaseEnds time.Time // at the earliest
	state     atomic.Int32
	isWritten atomic.Bool // it may have a row

	calls sync.Mutex // held while it is abandoned or ended
	ended bool
}

// A key identifies a row.
type key struct {
	fingerprint string
	id          dedupe.AttemptID
}

// The states of an attempt.
const (
	begun int32 = iota
	refused
	handling
	committed
	inDoubt // it may be committed
	stopped // it was ended before its effect could be committed
)

// attempt returns the ID as the table stores it.
func (k key) attempt() string { return hex.EncodeToString(k.id[:]) }

// args returns the key as arguments.
func (k key) args() []any { return []any{k.fingerprint, k.attempt()} }

func newAttempt(ctx context.Context, k key, lease dedupe.Lease) *attempt {
	e, _ := core.FromContext(ctx)
	return &attempt{key: k, event: e, lease: lease, leaseEnds: time.Now().Add(lease.Duration)}
}

// attempts holds the attempts of this process. A handler finds its attempt by the event, since each
// delivery has its own event.
type attempts struct {
	mu        sync.Mutex
	byKey     map[key]*attempt
	byEvent   map[*core.Event]*attempt
	committed map[dedupe.AttemptID]bool
}

func newAttempts() attempts {
	return attempts{
		byKey: map[key]*attempt{}, byEvent: map[*core.Event]*attempt{}, committed: map[dedupe.AttemptID]bool{},
	}
}

func (s *attempts) add(a *attempt) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byKey[a.key] = a
	if a.event != nil {
		s.byEvent[a.event] = a
	}
}

func (s *attempts) commit(a *attempt) {
	a.state.Store(committed)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byKey[a.key] == a { // it has not ended in the meantime
		s.committed[a.id] = true
	}
}

func (s *attempts) isCommitted(id dedupe.AttemptID) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.committed[id]
}

func (s *attempts) remove(k key) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.delete(k)
}

// delete removes an attempt. The caller holds mu.
func (s *attempts) delete(k key) {
	a := s.byKey[k]
	if a == nil {
		return
	}
	delete(s.byKey, k)
	delete(s.committed, k.id)
	if s.byEvent[a.event] == a {
		delete(s.byEvent, a.event)
	}
}

// forget removes attempts whose guard gave up ending them.
func (s *attempts) forget() {
	longAgo := time.Now().Add(-2 * dedupe.BookkeepingTime)
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, a := range s.byKey {
		if a.leaseEnds.Before(longAgo) {
			s.delete(k)
		}
	}
}

// of returns the attempt with that key, or nil.
func (s *attempts) of(k key) *attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byKey[k]
}

// ofEvent returns the attempt for an event, or else for the event in ctx, or nil.
func (s *attempts) ofEvent(ctx context.Context, e *core.Event) *attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.byEvent[e]; a != nil {
		return a
	}
	verified, _ := core.FromContext(ctx)
	return s.byEvent[verified]
}

// isOver reports whether the lease may have ended.
func (a *attempt) isOver() bool { return !time.Now().Before(a.leaseEnds) }

// end keeps a handler that is still running from committing its effect. It also keeps an Abandon
// from running later, or at the same time as what the caller does before it calls done.
func (a *attempt) end() (done func()) {
	if a == nil {
		return func() {}
	}
	_ = a.state.CompareAndSwap(begun, stopped) || a.state.CompareAndSwap(handling, stopped)
	a.calls.Lock()
	a.ended = true
	return a.calls.Unlock
}
