package dedupe

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/urlrtest"
)

func TestMemoryIsBounded(t *testing.T) {
	m := NewMemory()
	m.limit = 10
	const limit, deliveries = shards * 10, shards * 100
	evicted := 0
	g := New(m, WithSenderTimeout(1), WithObserver(func(_ context.Context, o Observation) {
		if o.What == CreditEvicted {
			evicted++
		}
	}))
	inProgress := AttemptID{1}
	_, err := m.Begin(t.Context(), "in progress", inProgress, Lease{Duration: time.Hour})
	require.NoError(t, err)
	v, click := core.MustVerifier("secret"), urlrtest.NewEvent()
	for i := range deliveries {
		click.Link.Code = fmt.Sprint(i)
		body := urlrtest.Body(click, urlrtest.Latest)
		e, err := v.Verify(t.Context(), body, core.Sign("secret", body))
		require.NoError(t, err)
		a, err := g.Begin(core.NewContext(t.Context(), e))
		require.NoError(t, err)
		a.End(true, false) // too late for the sender
	}
	assert.LessOrEqual(t, m.Len(), limit)
	assert.Greater(t, m.Len(), limit/2)
	assert.Equal(t, deliveries+1-m.Len(), evicted, "every eviction is observed")

	require.NoError(t, m.Abandon(t.Context(), "in progress", inProgress))
	d, err := m.Begin(t.Context(), "in progress", AttemptID{2}, Lease{Duration: time.Hour})
	require.NoError(t, err)
	assert.Equal(t, ComeBack, d, "attempts in progress are never evicted")
}
