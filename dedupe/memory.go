package dedupe

import (
	"context"
	"hash/maphash"
	"slices"
	"strings"
	"sync"
	"time"
)

// MaxMemoryFingerprints is how many fingerprints a [Memory] keeps at most.
const MaxMemoryFingerprints = 1 << 20

const (
	shards         = 64 // so that deliveries rarely wait for one another
	sweptEachBegin = 4  // entries: more than are added, so that what has ended does not pile up
	maxFreeEntries = 16 // of a shard: more than are usually under way
	maxCredits     = 1024

	maxFreeCapacity = 32 // of a free entry: one that was very popular would hold its memory
)

// A Memory is the [Store] of a single process: what it knows ends with the process. It keeps
// nothing for deliveries that were acknowledged at once. It keeps at most [MaxMemoryFingerprints]
// fingerprints, of about 300 bytes each as a rule, and 1,024 credits of one. When there are more,
// arbitrary fingerprints that are not under way, or the credits that end first, make room, so that
// the retries of those deliveries count twice: see [CreditEvicted].
type Memory struct {
	seed   maphash.Seed
	limit  int // of the entries of a shard
	shards [shards]shard
}

type shard struct {
	mu      sync.Mutex
	entries map[string]*entry
	free    []*entry // to be used again; without them, every delivery would allocate one
}

// An entry is what is known of a fingerprint.
type entry struct {
	attempts []attempt
	credits  []credit
	closed   []closed
}

type credit struct {
	of     AttemptID
	added  time.Time
	end    time.Time
	orphan orphan
}

// An orphan says whether a credit is of an attempt that nobody ended.
type orphan uint8

const (
	noOrphan       orphan = iota
	freshOrphan           // took no credit
	skippingOrphan        // took a credit
)

// A closed attempt is over, but its steps may still arrive.
type closed struct {
	id  AttemptID
	end time.Time
}

type attempt struct {
	id         AttemptID
	of         *Attempt // whose sender is seen without a step; nil: Abandon tells
	end        time.Time
	lease      Lease
	tookCredit bool
	gone       bool // the sender
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

// begin is Begin for a guard in the same process, of which it sees what Abandon would tell. It also
// returns how many credits made room.
func (m *Memory) begin(of *Attempt, fingerprint string, id AttemptID, lease Lease) (d Decision, evicted int) {
	s := m.shard(fingerprint)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	evicted = s.sweep(now, m.limit)
	e := s.entry(fingerprint)
	evicted += e.expire(now)
	a := attempt{id: id, of: of, end: now.Add(lease.Duration), lease: lease, gone: lease.Exclusive}
	return e.begin(a, now), evicted
}

func (e *entry) begin(a attempt, now time.Time) Decision {
	if i := e.find(a.id); i >= 0 {
		return e.attempts[i].decision()
	}
	if e.isClosed(a.id) {
		return ComeBack
	}
	a.tookCredit = e.takeCredit(now, a.lease)
	if !a.tookCredit && slices.ContainsFunc(e.attempts, attempt.mayBeRetried) {
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
			e.attempts[i].gone = true
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
	s.keep(fingerprint, e)
	return nil
}

// End implements [Store].
func (m *Memory) End(_ context.Context, fingerprint string, id AttemptID, kept time.Duration) error {
	m.end(fingerprint, id, kept)
	return nil
}

// end is End. It returns how many credits made room.
func (m *Memory) end(fingerprint string, id AttemptID, kept time.Duration) (evicted int) {
	s := m.shard(fingerprint)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	e := s.entry(fingerprint)
	evicted = e.expire(now)
	evicted += e.end(id, now, kept)
	s.keep(fingerprint, e)
	return evicted
}

// Len returns how many fingerprints are kept: those under way, those with a credit or with one that
// was taken lately, and some that have ended.
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

// entry returns the entry of a fingerprint, which is new if there was none.
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

// keep keeps what is left of an entry when an attempt has ended.
func (s *shard) keep(fingerprint string, e *entry) {
	if e.isEmpty() {
		s.forget(fingerprint, e)
		return
	}
	// What is kept for days must not hold the other strings of its event, which a fingerprint
	// shares its memory with.
	delete(s.entries, fingerprint)
	s.entries[strings.Clone(fingerprint)] = e
}

func (s *shard) forget(fingerprint string, e *entry) {
	delete(s.entries, fingerprint)
	if len(s.free) < maxFreeEntries && cap(e.attempts)+cap(e.credits)+cap(e.closed) <= maxFreeCapacity {
		e.attempts, e.credits, e.closed = e.attempts[:0], e.credits[:0], e.closed[:0]
		s.free = append(s.free, e)
	}
}

// sweep looks at a few entries, which a map yields in random order, and removes what has ended, or
// what there is no room for. It returns how many credits made room.
func (s *shard) sweep(now time.Time, limit int) (evicted int) {
	looked := 0
	for fingerprint, e := range s.entries {
		evicted += e.expire(now)
		full := len(s.entries) >= limit
		if e.isEmpty() || full && len(e.attempts) == 0 {
			evicted += len(e.credits)
			s.forget(fingerprint, e)
		}
		if looked++; looked == sweptEachBegin {
			break
		}
	}
	return evicted
}

// expire removes what has ended, and turns orphans into credits. It returns how many credits made
// room for them.
func (e *entry) expire(now time.Time) (evicted int) {
	e.credits = slices.DeleteFunc(e.credits, func(c credit) bool { return !c.end.After(now) })
	e.closed = slices.DeleteFunc(e.closed, func(c closed) bool { return !c.end.After(now) })
	e.attempts = slices.DeleteFunc(e.attempts, func(a attempt) bool {
		ended := !a.end.After(now)
		if ended && (a.tookCredit || a.lease.OrphansProcessed) && a.end.Add(a.lease.Retention).After(now) {
			evicted += e.addCredit(credit{of: a.id, added: a.end, end: a.end.Add(a.lease.Retention), orphan: a.orphan()})
		}
		return ended
	})
	return evicted
}

// addCredit adds a credit. It returns how many made room for it.
func (e *entry) addCredit(c credit) (evicted int) {
	if len(e.credits) == maxCredits {
		first := e.firstCredit()
		e.credits = slices.Delete(e.credits, first, first+1)
		evicted = 1
	}
	e.credits = append(e.credits, c)
	return evicted
}

// takeCredit takes the credit that ends first, if there is one.
func (e *entry) takeCredit(now time.Time, lease Lease) bool {
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

// close closes an attempt until end. It keeps at most maxCredits: those that were closed last.
func (e *entry) close(id AttemptID, end time.Time) {
	if i := e.findClosed(id); i >= 0 {
		end = later(end, e.closed[i].end)
		e.closed = slices.Delete(e.closed, i, i+1)
	}
	if len(e.closed) == maxCredits {
		e.closed = slices.Delete(e.closed, 0, 1)
	}
	e.closed = append(e.closed, closed{id, end})
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// firstCredit returns the index of the credit that ends first, or -1.
func (e *entry) firstCredit() int {
	first := -1
	for i, c := range e.credits {
		if first < 0 || c.end.Before(e.credits[first].end) {
			first = i
		}
	}
	return first
}

// undo removes an attempt, gives its credit back, and closes it.
func (e *entry) undo(id AttemptID, now time.Time) {
	if i := e.find(id); i >= 0 {
		a := e.attempts[i]
		e.attempts = slices.Delete(e.attempts, i, i+1)
		if a.tookCredit {
			e.addCredit(credit{of: id, added: now, end: now.Add(a.lease.Retention)})
		}
	}
	e.credits = slices.DeleteFunc(e.credits, func(c credit) bool { return c.of == id && c.orphan == freshOrphan })
	e.close(id, now.Add(BookkeepingTime))
}

// end removes an attempt and keeps a credit of it for a time, or none if that is 0. It returns how
// many credits made room.
func (e *entry) end(id AttemptID, now time.Time, kept time.Duration) (evicted int) {
	if i := e.find(id); i >= 0 {
		e.attempts = slices.Delete(e.attempts, i, i+1)
	}
	i := slices.IndexFunc(e.credits, func(c credit) bool { return c.of == id })
	switch {
	case i >= 0 && kept > 0:
		e.credits[i].orphan = noOrphan
	case i >= 0 && e.credits[i].orphan != noOrphan:
		e.credits = slices.Delete(e.credits, i, i+1)
	case i < 0 && kept > 0 && !e.isClosed(id):
		return e.addCredit(credit{of: id, added: now, end: now.Add(kept)})
	}
	return 0
}

// find returns the index of an attempt that is under way, or -1.
func (e *entry) find(id AttemptID) int {
	return slices.IndexFunc(e.attempts, func(a attempt) bool { return a.id == id })
}

// findClosed returns the index of an attempt that is closed, or -1.
func (e *entry) findClosed(id AttemptID) int {
	return slices.IndexFunc(e.closed, func(c closed) bool { return c.id == id })
}

func (e *entry) isClosed(id AttemptID) bool { return e.findClosed(id) >= 0 }

// mayBeRetried reports whether another delivery may be the attempt's retry: its sender is gone, or
// it is itself a retry, which a sender that gave up once may give up again.
func (a attempt) mayBeRetried() bool {
	return a.gone || a.tookCredit || a.of != nil && a.of.wasAbandoned()
}

func (a *attempt) orphan() orphan {
	if a.tookCredit {
		return skippingOrphan
	}
	return freshOrphan
}

func (a *attempt) decision() Decision {
	if a.tookCredit {
		return Skip
	}
	return Process
}

func (e *entry) isEmpty() bool { return len(e.attempts)+len(e.credits)+len(e.closed) == 0 }
