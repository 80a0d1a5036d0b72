package sqlurlr_test

import (
	"database/sql"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/sqlurlr"
)

// Whatever the first calls of a new process are, none waits for another that waits for the only
// connection.
func TestFirstCallsShareOneConnection(t *testing.T) {
	eachDatabase(t, func(t *testing.T, d database) {
		calls := map[string]func(s *sqlurlr.Store, id dedupe.AttemptID) error{
			"Begin": func(s *sqlurlr.Store, id dedupe.AttemptID) error {
				_, err := s.Begin(t.Context(), "f", id, lease)
				return err
			},
			"Abandon": func(s *sqlurlr.Store, id dedupe.AttemptID) error { return s.Abandon(t.Context(), "f", id) },
			"Undo":    func(s *sqlurlr.Store, id dedupe.AttemptID) error { return s.Undo(t.Context(), "f", id) },
			"End":     func(s *sqlurlr.Store, id dedupe.AttemptID) error { return s.End(t.Context(), "f", id, 0) },
			"End with a credit": func(s *sqlurlr.Store, id dedupe.AttemptID) error {
				return s.End(t.Context(), "f", id, time.Minute)
			},
		}
		for first := range calls {
			for second := range calls {
				t.Run(first+" then "+second, func(t *testing.T) {
					db := d.open(t)
					db.SetMaxOpenConns(1)
					s := sqlurlr.New(db, d.dialect)
					busy, err := db.Conn(t.Context())
					require.NoError(t, err)
					var wg sync.WaitGroup
					for i, name := range []string{first, second} {
						waiting := db.Stats().WaitCount
						wg.Go(func() { assert.NoError(t, calls[name](s, dedupe.AttemptID{byte(i)}), name) })
						awaitWaiting(db, waiting+1)
					}
					require.NoError(t, busy.Close())
					wg.Wait()
				})
			}
		}
	})
}

// awaitWaiting waits until that many calls have waited for a connection. It waits only a moment,
// because a call may wait for a batch or another call instead.
func awaitWaiting(db *sql.DB, calls int64) {
	for range 50 {
		if db.Stats().WaitCount >= calls {
			return
		}
		time.Sleep(time.Millisecond)
	}
}
