package sqlurlr

import (
	"context"
	"slices"
	"sync"
	"time"
)

// confirmAfter is how long after an attempt has ended in Postgres it ends once more, at least. A crash
// may forget a commit that is asynchronous, but only the last 0.6 seconds of them, with the default
// wal_writer_delay. So the second time there is nothing left to end, unless Postgres has crashed.
const confirmAfter = time.Second

// confirmTries is how often that is tried, once in confirmAfter.
const confirmTries = 600

// confirmations are attempts that are to end once more.
type confirmations struct {
	mu         sync.Mutex
	fresh, due []key
	isTicking  bool
	tries      int
}

// confirmLater lets attempts end once more.
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

// confirm ends those attempts once more that ended confirmAfter ago.
func (s *Store) confirm() {
	c := &s.confirmations
	c.mu.Lock()
	due := c.due
	c.mu.Unlock()
	err := s.endDurably(due)
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

func (s *Store) endDurably(all []key) error {
	ctx, cancel := context.WithTimeout(context.Background(), stepTime)
	defer cancel()
	for few := range slices.Chunk(all, maxBatch) {
		statement, args := argsOfBatch(s.statements.endsDurably, few, s.clock(), key.args)
		if _, err := s.db.ExecContext(ctx, statement, args...); err != nil {
			return err
		}
	}
	return nil
}
