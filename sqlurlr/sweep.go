package sqlurlr

import (
	"context"
	"database/sql"
	"sync"
	"time"
)

// How often a sweep looks at a few rows, usually 256, and deletes the expired ones. That is more
// rows than are added in between, so expiry needs no index, which every store call would have to
// update.
const (
	sweepEach  = 64 // Begins
	sweepAfter = time.Second
)

// A sweeper says when to sweep, and where.
type sweeper struct {
	mu     sync.Mutex
	begins int
	last   time.Time
	after  string // fingerprint to continue after
}

func (s *sweeper) isTime() bool {
	s.begins++
	if s.begins < sweepEach && time.Since(s.last) < sweepAfter {
		return false
	}
	s.begins, s.last = 0, time.Now()
	return true
}

// sweep deletes a few expired rows if it is time to. If it fails, the next sweep deletes them.
func (s *Store) sweep(ctx context.Context) {
	if !s.sweeper.mu.TryLock() {
		return
	}
	defer s.sweeper.mu.Unlock()
	if !s.sweeper.isTime() {
		return
	}
	s.attempts.forget()
	var upTo sql.NullString
	var some bool
	after := s.sweeper.after
	err := s.db.QueryRowContext(ctx, s.statements.next, s.clock(), after).Scan(&upTo, &some)
	if err != nil {
		return
	}
	s.sweeper.after = upTo.String // "" at the end: start over
	if some {
		_, _ = s.db.ExecContext(ctx, s.statements.sweep, s.clock(), after, upTo.String)
	}
}
