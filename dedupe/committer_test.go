package dedupe_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// A committer reports all attempts as committed, or none.
type committer struct {
	*dedupe.Memory
	committed bool
}

func (c *committer) Committed(dedupe.AttemptID) bool { return c.committed }

// A committed attempt is processed. It leaves a credit unless it was acknowledged and the response
// may have arrived.
func TestCommitted(t *testing.T) {
	for name, test := range map[string]struct {
		committed, acknowledged, lost bool
		want                          []dedupe.Outcome
	}{
		"acknowledged":                {true, true, false, []dedupe.Outcome{dedupe.Processed}},
		"failed afterwards":           {true, false, false, []dedupe.Outcome{dedupe.Processed, dedupe.CreditKept}},
		"response lost":               {true, true, true, []dedupe.Outcome{dedupe.Processed, dedupe.CreditKept}},
		"not committed, acknowledged": {false, true, false, []dedupe.Outcome{dedupe.Processed}},
		"not committed, failed":       {false, false, false, []dedupe.Outcome{dedupe.Failed}},
		"not committed, failure lost": {false, false, true, []dedupe.Outcome{dedupe.Failed}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScene(t, &committer{dedupe.NewMemory(), test.committed})
			assert.True(t, s.deliver(test.acknowledged, test.lost))
			assert.Equal(t, test.want, s.outcomes())
			isKept := test.want[len(test.want)-1] == dedupe.CreditKept
			assert.Equal(t, !isKept, s.deliver(true, false), "the next delivery")
		})
	}
}

// A panickingCommitter doesn't know what is committed.
type panickingCommitter struct{ *dedupe.Memory }

func (panickingCommitter) Committed(dedupe.AttemptID) bool { panic("committed") }

// An attempt ends in the store even if the committer panics.
func TestCommitterPanics(t *testing.T) {
	store := panickingCommitter{dedupe.NewMemory()}
	s := newScene(t, store)
	a, hangUp := s.begin()
	hangUp()
	a.End(false, false)
	assert.Equal(t, []dedupe.Outcome{dedupe.StoreFailed, dedupe.Failed}, s.outcomes())
	assert.Zero(t, store.Len(), "attempts in progress")
	assert.True(t, s.deliver(true, false), "the retry")
}

// A reluctantStore is slow to begin, and fails to end for a second.
type reluctantStore struct {
	*dedupe.Memory
	since time.Time
}

func (s *reluctantStore) Begin(
	ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease,
) (dedupe.Decision, error) {
	time.Sleep(200 * time.Millisecond)
	return s.Memory.Begin(ctx, fingerprint, id, lease)
}

func (s *reluctantStore) End(ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration) error {
	if time.Since(s.since) < time.Second {
		return errDown
	}
	return s.Memory.End(ctx, fingerprint, id, credit)
}

// An attempt whose Begin may arrive again is closed only after its credit is kept.
func TestCreditBeforeClosing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScene(t, &reluctantStore{dedupe.NewMemory(), time.Now()})
		assert.True(t, s.deliver(true, true))
		time.Sleep(5 * time.Second)
		assert.False(t, s.deliver(true, false), "the retry")
	})
}
