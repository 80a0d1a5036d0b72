package redisurlr

// Waiting returns the number of End calls waiting for the next round trip.
func (s *Store) Waiting() int {
	s.ends.mu.Lock()
	defer s.ends.mu.Unlock()
	if s.ends.next == nil {
		return 0
	}
	return len(s.ends.next.calls)
}
