package sqlurlr_test

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/sqlurlr"
)

// Whoever sends a genuine delivery again and again, and hangs up each time, closes an attempt with
// each. Only 1,024 of them are kept, and none for longer than its late calls may come.
func TestClosedAttempts(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		db := d.open(t)
		s := sqlurlr.New(db, d.dialect)
		id := func(i int) (id dedupe.AttemptID) {
			binary.BigEndian.PutUint32(id[:], uint32(i))
			return id
		}
		for i := range 1100 {
			require.NoError(t, s.Undo(t.Context(), "f", id(i)))
		}
		for i := 2000; i < 2010; i++ {
			decision, err := s.Begin(t.Context(), "f", id(i), lease)
			require.NoError(t, err)
			require.Equal(t, i > 2000, decision == dedupe.Skip)
			require.NoError(t, s.End(context.Background(), "f", id(i), time.Hour))
		}
		assert.Equal(t, 1024+1, rows(t, db, "urlr_dedupe"), "the closed ones, and the last credit")
		var beyond int64
		require.NoError(t, db.QueryRowContext(t.Context(),
			`SELECT max(expires - closed_until) FROM urlr_dedupe WHERE credit_ends = 0`).Scan(&beyond))
		assert.Zero(t, beyond, "they are removed when they are no longer closed")

		for _, i := range []int{1099, 2008} {
			decision, err := s.Begin(t.Context(), "f", id(i), lease)
			require.NoError(t, err)
			assert.Equal(t, dedupe.ComeBack, decision, "the latest stay closed")
		}
	})
}
