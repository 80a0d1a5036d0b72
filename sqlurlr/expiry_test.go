package sqlurlr_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/sqlurlr"
)

// Deliveries delete what has expired, and nothing else.
func TestExpired(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		db := d.open(t)
		s := sqlurlr.New(db, d.dialect)
		short := dedupe.Lease{Duration: time.Millisecond, Retention: time.Millisecond, OrphansProcessed: true}
		for i := range 200 {
			_, err := s.Begin(t.Context(), fmt.Sprint("orphan-", i), dedupe.AttemptID{byte(i)}, short)
			require.NoError(t, err)
			require.NoError(t, s.End(t.Context(), fmt.Sprint("credit-", i), dedupe.AttemptID{1}, time.Millisecond))
			require.NoError(t, s.End(t.Context(), fmt.Sprint("kept-", i), dedupe.AttemptID{1}, time.Hour))
		}
		time.Sleep(10 * time.Millisecond)
		for i := range 64 * 12 { // each looks at four rows
			id := dedupe.AttemptID{2, byte(i), byte(i >> 8)}
			_, err := s.Begin(t.Context(), fmt.Sprint("another-", i), id, lease)
			require.NoError(t, err)
			require.NoError(t, s.End(context.Background(), fmt.Sprint("another-", i), id, 0))
		}
		assert.Equal(t, 200, rows(t, db, "urlr_dedupe"), "the credits that are kept")
		for i := range 200 {
			decision, err := s.Begin(t.Context(), fmt.Sprint("kept-", i), dedupe.AttemptID{3, byte(i)}, lease)
			require.NoError(t, err)
			require.Equal(t, dedupe.Skip, decision)
		}
	})
}
