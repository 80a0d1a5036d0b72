package sqlurlr

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
)

// An attempt is one that this process has begun and not ended.
type attempt struct {
	id    dedupe.AttemptID
	event *core.Event
	lease time.Time // until then, at least
	state atomic.Int32
}

// The states of an attempt.
const (
	begun int32 = iota
	refused
	handling
	committed
	inDoubt // it may be committed
)

func newAttempt(ctx context.Context, id dedupe.AttemptID, lease dedupe.Lease) *attempt {
	e, _ := core.FromContext(ctx)
	return &attempt{id: id, event: e, lease: time.Now().Add(lease.Duration)}
}

// attempts are those of this process. A handler finds its own by the event: each delivery has one of
// its own.
type attempts struct {
	mu      sync.Mutex
	byID    map[dedupe.AttemptID]*attempt
	byEvent map[*core.Event]*attempt
}

func (s *attempts) add(a *attempt) {
	if a.event == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID == nil {
		s.byID, s.byEvent = map[dedupe.AttemptID]*attempt{}, map[*core.Event]*attempt{}
	}
	s.byID[a.id], s.byEvent[a.event] = a, a
}

func (s *attempts) remove(id dedupe.AttemptID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.byID[id]
	if a == nil {
		return
	}
	delete(s.byID, id)
	if s.byEvent[a.event] == a {
		delete(s.byEvent, a.event)
	}
}

// ofID returns the attempt with that ID, or nil.
func (s *attempts) ofID(id dedupe.AttemptID) *attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.byID[id]
}

// ofEvent returns the attempt of an event, or of the event that ctx carries, or nil.
func (s *attempts) ofEvent(ctx context.Context, e *core.Event) *attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.byEvent[e]; a != nil {
		return a
	}
	verified, _ := core.FromContext(ctx)
	return s.byEvent[verified]
}
