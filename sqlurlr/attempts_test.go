package sqlurlr

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
)

// Attempts that a guard gave up ending don't stay in memory.
func TestForget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newAttempts()
		ctx := core.NewContext(t.Context(), &core.Event{})
		old := newAttempt(ctx, key{"f", dedupe.AttemptID{1}}, dedupe.Lease{Duration: time.Minute})
		s.add(old)
		s.commit(old)
		time.Sleep(2*dedupe.BookkeepingTime + time.Minute)
		s.forget()
		assert.True(t, s.isCommitted(old.id), "its End may still be retried")
		time.Sleep(time.Second)
		recent := newAttempt(t.Context(), key{"f", dedupe.AttemptID{2}}, dedupe.Lease{Duration: time.Minute})
		s.add(recent)
		s.forget()
		assert.Equal(t, map[key]*attempt{recent.key: recent}, s.byKey)
		assert.Empty(t, s.byEvent)
		assert.Empty(t, s.committed)
	})
}
