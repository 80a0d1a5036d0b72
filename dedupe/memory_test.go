package dedupe_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/dedupe/storetest"
)

func TestMemory(t *testing.T) {
	storetest.Run(t, func(*testing.T) dedupe.Store { return dedupe.NewMemory() })
}

var lease = dedupe.Lease{Duration: time.Minute, Retention: time.Hour}

// Memory grows with faults, not with traffic.
func TestMemoryKeepsNothingAcknowledged(t *testing.T) {
	m := dedupe.NewMemory()
	for i := range 10_000 {
		fingerprint := fmt.Sprint(i)
		_, err := m.Begin(t.Context(), fingerprint, dedupe.AttemptID{}, lease)
		require.NoError(t, err)
		require.NoError(t, m.End(t.Context(), fingerprint, dedupe.AttemptID{}, 0))
	}
	assert.Zero(t, m.Len())
}

func TestMemoryRemovesExpired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := dedupe.NewMemory()
		for i := range 10_000 {
			require.NoError(t, m.End(t.Context(), fmt.Sprint(i), dedupe.AttemptID{}, time.Hour))
		}
		assert.Equal(t, 10_000, m.Len())
		time.Sleep(time.Hour)
		for i := range 10_000 { // other deliveries
			fingerprint := fmt.Sprint("other", i)
			_, err := m.Begin(t.Context(), fingerprint, dedupe.AttemptID{}, lease)
			require.NoError(t, err)
			require.NoError(t, m.End(t.Context(), fingerprint, dedupe.AttemptID{}, 0))
		}
		assert.Less(t, m.Len(), 100)
	})
}
