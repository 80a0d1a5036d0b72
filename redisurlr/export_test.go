package redisurlr

import "time"

// WaitingEnds returns the number of End calls waiting for the next round trip.
func (s *Store) WaitingEnds() int { return s.ends.Waiting() }

// WaitingBegins returns the number of Begin calls waiting for the next round trip.
func (s *Store) WaitingBegins() int { return s.begins.Waiting() }

// WaitForBatches makes batches wait for the one in transit however long it takes.
func (s *Store) WaitForBatches() {
	s.begins.MaxWait, s.ends.MaxWait = time.Hour, time.Hour
}
