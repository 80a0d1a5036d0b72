package redisurlr

import "time"

// WaitingEnds returns the number of End calls waiting for the next round trip.
func (s *Store) WaitingEnds() int { return s.ends.waiting() }

// WaitingBegins returns the number of Begin calls waiting for the next round trip.
func (s *Store) WaitingBegins() int { return s.begins.waiting() }

// WaitForBatches makes batches wait for the one in transit however long it takes.
func (s *Store) WaitForBatches() {
	s.begins.maxWait, s.ends.maxWait = time.Hour, time.Hour
}

func (p *pipeline) waiting() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.next == nil {
		return 0
	}
	return len(p.next.calls)
}
