package sqlurlr

import (
	"context"
	"sync/atomic"
	"time"
)

// How often rows that say nothing any more are removed. Each time, these are up to 256, more than are
// added meanwhile.
const (
	sweepEach  = 64 // Begins
	sweepAfter = time.Second
)

// A sweeper says when it is time to sweep.
type sweeper struct {
	begins atomic.Int64
	last   atomic.Int64 // in microseconds since 1970
}

func (s *sweeper) isTime() bool {
	now, last := time.Now().UnixMicro(), s.last.Load()
	if s.begins.Add(1)%sweepEach != 0 && now-last < sweepAfter.Microseconds() {
		return false
	}
	return s.last.CompareAndSwap(last, now)
}

// sweep removes some rows that say nothing any more, now and then. If it fails, the next does it.
func (s *Store) sweep(ctx context.Context) {
	if !s.sweeper.isTime() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	_, _ = s.db.ExecContext(ctx, s.statements.sweep, s.clock())
}
