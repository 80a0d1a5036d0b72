package store

import "sync"

// watchers are the channels that get a value after a change.
type watchers struct {
	mu       sync.Mutex
	channels map[chan struct{}]struct{}
}

// Watch returns a channel that gets a value soon after this Store has added or answered deliveries,
// and a function that stops it. A slow reader gets fewer values, but at least one after the last
// change. The channel is never closed. Calling stop twice is fine.
func (s *Store) Watch() (changed <-chan struct{}, stop func()) { return s.watch() }

func (w *watchers) watch() (changed <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.channels == nil {
		w.channels = make(map[chan struct{}]struct{})
	}
	w.channels[c] = struct{}{}
	return c, func() {
		w.mu.Lock()
		defer w.mu.Unlock()
		delete(w.channels, c)
	}
}

// notify leaves a value for each watcher. A watcher with a value waiting needs no second one: it
// will read after this change anyway.
func (w *watchers) notify() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for c := range w.channels {
		select {
		case c <- struct{}{}:
		default:
		}
	}
}
