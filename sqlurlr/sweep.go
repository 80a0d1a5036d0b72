package sqlurlr

import (
	"context"
	"database/sql"
	"sync"
	"time"
)

// How often a few rows are looked at, 256 as a rule, and those are removed that say nothing any more:
// more than are added meanwhile. So no index is needed, which every step would have to keep.
const (
	sweepEach  = 64 // Begins
	sweepAfter = time.Second
)

// A sweeper says when it is time to sweep, and where.
type sweeper struct {
	mu     sync.Mutex
	begins int
	last   time.Time
	after  string // the fingerprint
}

func (s *sweeper) isTime() bool {
	s.begins++
	if s.begins < sweepEach && time.Since(s.last) < sweepAfter {
		return false
	}
	s.begins, s.last = 0, time.Now()
	return true
}

// sweep removes some rows that say nothing any more, now and then. If it fails, the next one does it.
func (s *Store) sweep(ctx context.Context) {
	if !s.sweeper.mu.TryLock() {
		return
	}
	defer s.sweeper.mu.Unlock()
	if !s.sweeper.isTime() {
		return
	}
	var upTo sql.NullString
	var some bool
	after := s.sweeper.after
	err := s.db.QueryRowContext(ctx, s.statements.next, s.clock(), after).Scan(&upTo, &some)
	if err != nil {
		return
	}
	s.sweeper.after = upTo.String // "" at the end, to begin again
	if some {
		_, _ = s.db.ExecContext(ctx, s.statements.sweep, s.clock(), after, upTo.String)
	}
}
