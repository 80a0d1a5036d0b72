package dedupe

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestMemoryIsBounded(t *testing.T) {
	m := NewMemory()
	m.limit = 10
	const limit = shards * 10
	underWay := AttemptID{1}
	_, err := m.Begin(t.Context(), "under way", underWay, Lease{Duration: time.Hour})
	require.NoError(t, err)
	for i := range 10 * limit {
		fingerprint := fmt.Sprint(i)
		_, err := m.Begin(t.Context(), fingerprint, AttemptID{}, Lease{Duration: time.Hour, Retention: time.Hour})
		require.NoError(t, err)
		require.NoError(t, m.End(t.Context(), fingerprint, AttemptID{}, time.Hour))
	}
	assert.LessOrEqual(t, m.Len(), limit)
	assert.Greater(t, m.Len(), limit/2)

	require.NoError(t, m.Abandon(t.Context(), "under way", underWay))
	d, err := m.Begin(t.Context(), "under way", AttemptID{2}, Lease{Duration: time.Hour})
	require.NoError(t, err)
	assert.Equal(t, ComeBack, d, "what is under way is never forgotten")
}
