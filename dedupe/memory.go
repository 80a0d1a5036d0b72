package dedupe

import (
	"context"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"time"
)

// MaxMemoryFingerprints is the most fingerprints a [Memory] keeps.
const MaxMemoryFingerprints = 1 << 20

const (
	shards         = 64 // so that deliveries rarely block one another
	sweptPerBegin  = 4  // more than one, so that expired entries do not pile up
	maxFreeEntries = 16 // per shard: more than are usually in progress
	maxCredits     = 1024

	maxFreeCapacity = 32 // of a free entry: larger ones would waste memory
)

// A Memory is the [Store] of a single process, and is lost with it. It keeps nothing for deliveries
// acknowledged at once. It keeps at most [MaxMemoryFingerprints] fingerprints, usually of about 300
// bytes each, and 1,024 credits per fingerprint. Beyond that it drops arbitrary fingerprints
// without an attempt in progress, and the credits that expire first; the retries of those
// deliveries count twice, see [CreditEvicted].
type Memory struct {
	seed   maphash.Seed
	limit  int // entries per shard
	shards [shards]shard
}

type shard struct {
	mu      sync.Mutex
	entries map[string]*entry
	free    []*entry // reused, since otherwise every delivery would allocate one
}

// An entry is the state of a fingerprint.
type entry struct {
	attempts []memoryAttempt
	credits  []credit
	closed   []closedAttempt
}

type credit struct {
	of     AttemptID
	added  time.Time
	end    time.Time
	orphan orphan
}

// An orphan says whether the attempt of a credit is an orphan.
type orphan uint8

const (
	notOrphan        orphan = iota
	processingOrphan        // used no credit
	skippingOrphan          // used up a credit
)

// A closed attempt is over, but its calls may still arrive.
type closedAttempt struct {
	id  AttemptID
	end time.Time
}

type memoryAttempt struct {
	id           AttemptID
	of           *Attempt // shows whether its sender disconnected; nil if Abandon tells
	end          time.Time
	lease        Lease
	usedCredit   bool
	disconnected bool // the sender, or the lease is exclusive
}

// NewMemory returns an empty Memory.
func NewMemory() *Memory {
	m := &Memory{seed: maphash.MakeSeed(), limit: MaxMemoryFingerprints / shards}
	for i := range m.shards {
		m.shards[i].entries = map[string]*entry{}
	}
	return m
}

// Begin implements [Store].
func (m *Memory) Begin(_ context.Context, fingerprint string, id AttemptID, lease Lease) (Decision, error) {
	decision, _ := m.begin(nil, fingerprint, id, lease)
	return decision, nil
}

// begin is Begin for a guard in the same process, whose attempt shows what Abandon would tell. It
// also returns the number of credits evicted.
func (m *Memory) begin(of *Attempt, fingerprint string, id AttemptID, lease Lease) (d Decision, evicted int) {
	s := m.shard(fingerprint)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	evicted = s.sweep(now, m.limit)
	e := s.entry(fingerprint)
	evicted += e.expire(now)
	a := memoryAttempt{id: id, of: of, end: now.Add(lease.Duration), lease: lease, disconnected: lease.Exclusive}
	return e.begin(a, now), evicted
}

func (e *entry) begin(a memoryAttempt, now time.Time) Decision {
	if i := e.find(a.id); i >= 0 {
		return e.attempts[i].decision()
	}
	if e.isClosed(a.id) {
		return ComeBack
	}
	a.usedCredit = e.useCredit(now, a.lease)
	if !a.usedCredit && slices.ContainsFunc(e.attempts, memoryAttempt.mayBeRetried) {
		return ComeBack
	}
	e.attempts = append(e.attempts, a)
	return a.decision()
}

// Abandon implements [Store].
func (m *Memory) Abandon(_ context.Context, fingerprint string, id AttemptID) error {
	s := m.shard(fingerprint)
	s.mu.Lock()
	defer s.mu.Unlock()
	if e := s.entries[fingerprint]; e != nil {
		if i := e.find(id); i >= 0 {
			e.attempts[i].disconnected = true
		}
	}
	return nil
}

// Undo implements [Store].
func (m *Memory) Undo(_ context.Context, fingerprint string, id AttemptID) error {
	s := m.shard(fingerprint)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	e := s.entry(fingerprint)
	e.expire(now)
	e.undo(id, now)
	s.settle(fingerprint, e)
	return nil
}

// End implements [Store].
func (m *Memory) End(_ context.Context, fingerprint string, id AttemptID, retention time.Duration) error {
	m.end(fingerprint, id, retention)
	return nil
}

// end is End. It returns the number of credits evicted.
func (m *Memory) end(fingerprint string, id AttemptID, retention time.Duration) (evicted int) {
	s := m.shard(fingerprint)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	e := s.entry(fingerprint)
	evicted = e.expire(now)
	evicted += e.end(id, now, retention)
	s.settle(fingerprint, e)
	return evicted
}

// Len returns the number of fingerprints kept: those with attempts in progress, with a credit or
// with one used up lately, and some that have expired.
func (m *Memory) Len() int {
	n := 0
	for i := range m.shards {
		s := &m.shards[i]
		s.mu.Lock()
		n += len(s.entries)
		s.mu.Unlock()
	}
	return n
}

func (m *Memory) shard(fingerprint string) *shard {
	return &m.shards[maphash.String(m.seed, fingerprint)%shards]
}

// entry returns the entry of a fingerprint, creating it if necessary.
func (s *shard) entry(fingerprint string) *entry {
	e := s.entries[fingerprint]
	if e == nil {
		e = s.newEntry()
		s.entries[fingerprint] = e
	}
	return e
}

func (s *shard) newEntry() *entry {
	last := len(s.free) - 1
	if last < 0 {
		return &entry{}
	}
	e := s.free[last]
	s.free = s.free[:last]
	return e
}

// settle keeps what is left of an entry after a change, or removes the entry.
func (s *shard) settle(fingerprint string, e *entry) {
	if e.isEmpty() {
		s.remove(fingerprint, e)
		return
	}
	// An entry may be kept for days. Clone the fingerprint, which shares its memory with the other
	// strings of its event.
	delete(s.entries, fingerprint)
	s.entries[strings.Clone(fingerprint)] = e
}

func (s *shard) remove(fingerprint string, e *entry) {
	delete(s.entries, fingerprint)
	if len(s.free) < maxFreeEntries && cap(e.attempts)+cap(e.credits)+cap(e.closed) <= maxFreeCapacity {
		e.attempts, e.credits, e.closed = e.attempts[:0], e.credits[:0], e.closed[:0]
		s.free = append(s.free, e)
	}
}

// sweep looks at a few entries, in the random order of a map, and removes those that have expired
// or that exceed the limit. It returns the number of credits evicted.
func (s *shard) sweep(now time.Time, limit int) (evicted int) {
	looked := 0
	for fingerprint, e := range s.entries {
		evicted += e.expire(now)
		full := len(s.entries) >= limit
		if e.isEmpty() || full && len(e.attempts) == 0 {
			evicted += len(e.credits)
			s.remove(fingerprint, e)
		}
		if looked++; looked == sweptPerBegin {
			break
		}
	}
	return evicted
}

// expire removes what has expired, and turns orphans into credits. It returns the number of credits
// evicted for them.
func (e *entry) expire(now time.Time) (evicted int) {
	e.credits = slices.DeleteFunc(e.credits, func(c credit) bool { return !c.end.After(now) })
	e.closed = slices.DeleteFunc(e.closed, func(c closedAttempt) bool { return !c.end.After(now) })
	e.attempts = slices.DeleteFunc(e.attempts, func(a memoryAttempt) bool {
		ended := !a.end.After(now)
		if ended && (a.usedCredit || a.lease.OrphansProcessed) && a.end.Add(a.lease.Retention).After(now) {
			c := credit{of: a.id, added: a.end, end: a.end.Add(a.lease.Retention), orphan: a.orphan()}
			evicted += e.addCredit(c)
		}
		return ended
	})
	return evicted
}

// addCredit adds a credit. It returns the number of credits evicted for it.
func (e *entry) addCredit(c credit) (evicted int) {
	if len(e.credits) == maxCredits {
		first := e.firstCredit()
		e.credits = slices.Delete(e.credits, first, first+1)
		evicted = 1
	}
	e.credits = append(e.credits, c)
	return evicted
}

// useCredit removes the credit that expires first, and reports whether there was one.
func (e *entry) useCredit(now time.Time, lease Lease) bool {
	first := e.firstCredit()
	if first < 0 {
		return false
	}
	c := e.credits[first]
	e.credits = slices.Delete(e.credits, first, first+1)
	if end := c.added.Add(BookkeepingTime); !lease.Exclusive && end.After(now) {
		e.close(c.of, end)
	}
	return true
}

// close closes an attempt until end. It keeps the maxCredits attempts closed last.
func (e *entry) close(id AttemptID, end time.Time) {
	if i := e.findClosed(id); i >= 0 {
		end = later(end, e.closed[i].end)
		e.closed = slices.Delete(e.closed, i, i+1)
	}
	if len(e.closed) == maxCredits {
		e.closed = slices.Delete(e.closed, 0, 1)
	}
	e.closed = append(e.closed, closedAttempt{id, end})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// firstCredit returns the index of the credit that expires first, or -1.
func (e *entry) firstCredit() int {
	first := -1
	for i, c := range e.credits {
		if first < 0 || c.end.Before(e.credits[first].end) {
			first = i
		}
	}
	return first
}

// undo removes an attempt, restores the credit it used up, and closes it.
func (e *entry) undo(id AttemptID, now time.Time) {
	if i := e.find(id); i >= 0 {
		a := e.attempts[i]
		e.attempts = slices.Delete(e.attempts, i, i+1)
		if a.usedCredit {
			e.addCredit(credit{of: id, added: now, end: now.Add(a.lease.Retention)})
		}
	}
	e.credits = slices.DeleteFunc(e.credits, func(c credit) bool { return c.of == id && c.orphan == processingOrphan })
	e.close(id, now.Add(BookkeepingTime))
}

// end removes an attempt and keeps a credit of it for the retention, or none if that is 0. It
// returns the number of credits evicted.
func (e *entry) end(id AttemptID, now time.Time, retention time.Duration) (evicted int) {
	if i := e.find(id); i >= 0 {
		e.attempts = slices.Delete(e.attempts, i, i+1)
	}
	i := slices.IndexFunc(e.credits, func(c credit) bool { return c.of == id })
	switch {
	case i >= 0 && retention > 0:
		e.credits[i].orphan = notOrphan
	case i >= 0 && e.credits[i].orphan != notOrphan:
		e.credits = slices.Delete(e.credits, i, i+1)
	case i < 0 && retention > 0 && !e.isClosed(id):
		return e.addCredit(credit{of: id, added: now, end: now.Add(retention)})
	}
	return 0
}

// find returns the index of an attempt in progress, or -1.
func (e *entry) find(id AttemptID) int {
	return slices.IndexFunc(e.attempts, func(a memoryAttempt) bool { return a.id == id })
}

// findClosed returns the index of a closed attempt, or -1.
func (e *entry) findClosed(id AttemptID) int {
	return slices.IndexFunc(e.closed, func(c closedAttempt) bool { return c.id == id })
}

func (e *entry) isClosed(id AttemptID) bool { return e.findClosed(id) >= 0 }

// mayBeRetried reports whether another delivery may be a retry of the attempt: its sender
// disconnected, or it skips a retry, whose sender gave up once and may do so again.
func (a memoryAttempt) mayBeRetried() bool {
	return a.disconnected || a.usedCredit || a.of != nil && a.of.isAbandoned()
}

func (a *memoryAttempt) orphan() orphan {
	if a.usedCredit {
		return skippingOrphan
	}
	return processingOrphan
}

func (a *memoryAttempt) decision() Decision {
	if a.usedCredit {
		return Skip
	}
	return Process
}

func (e *entry) isEmpty() bool { return len(e.attempts)+len(e.credits)+len(e.closed) == 0 }
