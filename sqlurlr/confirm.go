package sqlurlr

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"
)

// confirmAfter is the shortest time until an attempt that ended in Postgres is ended a second time.
// A crash can forget asynchronous commits, but only those of the last 0.6 seconds with the default
// wal_writer_delay. So the second time finds nothing to end unless Postgres crashed.
const confirmAfter = time.Second

// confirmTries is how often that is tried, once per confirmAfter.
const confirmTries = 600

// confirmations holds the attempts to end a second time.
type confirmations struct {
	mu         sync.Mutex
	fresh, due []key
	isTicking  bool
	tries      int
}

// confirmLater schedules attempts to be ended a second time.
func (s *Store) confirmLater(all []key) {
	if s.dialect != Postgres {
		return
	}
	c := &s.confirmations
	c.mu.Lock()
	defer c.mu.Unlock()
	c.fresh = append(c.fresh, all...)
	if !c.isTicking {
		c.isTicking = true
		time.AfterFunc(confirmAfter, s.confirm)
	}
}

// contain reports whether an attempt has ended once, and is to be ended a second time.
func (c *confirmations) contain(k key) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Contains(c.fresh, k) || slices.Contains(c.due, k)
}

// confirm ends the attempts that ended at least confirmAfter ago a second time.
func (s *Store) confirm() {
	c := &s.confirmations
	c.mu.Lock()
	due := c.due
	c.mu.Unlock()
	err := s.tryEndDurably(due)
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tries++; err == nil || c.tries == confirmTries {
		c.due, c.fresh, c.tries = c.fresh, nil, 0
	}
	c.isTicking = len(c.due) > 0
	if c.isTicking {
		time.AfterFunc(confirmAfter, s.confirm)
	}
}

// tryEndDurably turns a panic of the driver into an error. Nobody else would recover it.
func (s *Store) tryEndDurably(all []key) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("driver panicked: %v", p)
		}
	}()
	return s.endDurably(all)
}

func (s *Store) endDurably(all []key) error {
	ctx, cancel := context.WithTimeout(context.Background(), callTimeout)
	defer cancel()
	for few := range slices.Chunk(all, maxBatch) {
		for len(few) > 0 {
			var together []key
			together, few = distinct(few)
			statement, args := argsOfBatch(s.statements.endsDurably, together, s.clock(), key.args)
			if _, err := s.db.ExecContext(ctx, statement, args...); err != nil {
				return err
			}
		}
	}
	return nil
}
