package dedupe_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// A leavingStore fails the first End, while the sender disconnects.
type leavingStore struct {
	*dedupe.Memory
	leave func()
	ends  chan time.Duration
}

func (s *leavingStore) End(ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration) error {
	s.ends <- credit
	if len(s.ends) == 1 {
		s.leave()
		return errDown
	}
	return s.Memory.End(ctx, fingerprint, id, credit)
}

// With Fiber the sender may disconnect during an End that fails. Its retry must not race with the
// next one, which keeps a credit.
func TestDisconnectDuringFailingEnd(t *testing.T) {
	store := &leavingStore{Memory: dedupe.NewMemory(), ends: make(chan time.Duration, 3)}
	s := newScene(t, store)
	ctx, cancel := verified(t, s.click)
	defer cancel()
	store.leave = cancel
	attempt, err := s.guard.Begin(ctx)
	require.NoError(t, err)
	attempt.Answering()
	attempt.Buffered()
	attempt.End(true, false)
	time.Sleep(200 * time.Millisecond)
	assert.Zero(t, <-store.ends)
	assert.Equal(t, dedupe.DefaultRetention, <-store.ends)
	assert.Zero(t, <-store.ends, "the retry of the first")
	assert.False(t, s.deliver(true, true), "the credit stays")
}
