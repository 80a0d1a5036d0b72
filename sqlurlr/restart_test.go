package sqlurlr_test

import (
	"context"
	"database/sql"
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/internal/pgtest"
)

// Postgres crashes and restarts several times while deliveries arrive.
func TestPostgresRestarts(t *testing.T) {
	for _, twins := range []float64{0, 0.2} {
		t.Run(fmt.Sprintf("%.0f %% twins", 100*twins), func(t *testing.T) {
			t.Parallel()
			server := pgtest.Start(t)
			d := newDatabase(t, server)
			receiver := newScene(t, d.open(t), d, record, nil)
			s := newSender(func() string { return receiver.url }, 600, twins)
			const restarts = 3
			var wg sync.WaitGroup
			wg.Go(func() {
				for i := range restarts {
					s.waitFor(t, (i+1)*len(s.cities)/(restarts+1))
					server.Stop(t)
					server.Restart(t)
				}
			})
			s.send(t)
			wg.Wait()
			lost, double := s.count(t, d.open(t))
			t.Logf("%d clicks, %d restarts: %d lost, %d counted twice", len(s.cities), restarts, lost, double)
			assert.Zero(t, double)
			assert.Zero(t, lost)
		})
	}
}

// While the database is down, deliveries get a 503 response, and the guard reports each once.
func TestDatabaseIsDown(t *testing.T) {
	server := pgtest.Start(t)
	d := newDatabase(t, server)
	stop := false
	s := newScene(t, d.open(t), d, func(ctx context.Context, tx *sql.Tx, e *core.Event) error {
		if stop {
			server.Stop(t)
		}
		return record(ctx, tx, e)
	}, nil)
	s.retry()
	s.settle()
	server.Stop(t)
	wantUnavailable(t, s.deliver())
	assert.Equal(t, []dedupe.Outcome{dedupe.Processed, dedupe.StoreFailed}, s.outcomes())
	server.Restart(t)
	s.retry()
	s.wantClicks(2)

	stop = true
	wantUnavailable(t, s.deliver())
	server.Restart(t)
	stop = false
	s.retry()
	s.wantClicks(3)
}

// WithProcessOnStoreFailure does not make a Store.Handler run while the database is down.
func TestProcessOnStoreFailure(t *testing.T) {
	server := pgtest.Start(t)
	d := newDatabase(t, server)
	s := newScene(t, d.open(t), d, record, nil, dedupe.WithProcessOnStoreFailure())
	server.Stop(t)
	wantUnavailable(t, s.deliver())
	server.Restart(t)
	s.retry()
	s.wantClicks(1)
}
