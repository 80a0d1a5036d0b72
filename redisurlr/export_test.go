package redisurlr

// Waiting returns how many Ends wait for the next round trip.
func (s *Store) Waiting() int {
	s.ends.mu.Lock()
	defer s.ends.mu.Unlock()
	if s.ends.next == nil {
		return 0
	}
	return len(s.ends.next.steps)
}
