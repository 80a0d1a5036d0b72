package sqlurlr

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// A nothing is a connection, and a driver of such, that can do nothing.
type nothing struct{ driver.Conn }

func (nothing) Connect(context.Context) (driver.Conn, error) { return nothing{}, nil }
func (nothing) Driver() driver.Driver                        { return nil }
func (nothing) Close() error                                 { return nil }

// A batch whose connection is dead, or whose row is locked, takes the time of a step. The others must
// not wait for that: a pool full of dead connections would cost that much for each of them in turn.
func TestBatchThatHangs(t *testing.T) {
	var hangs atomic.Bool
	hanging := make(chan struct{})
	b := newBatches(sql.OpenDB(nothing{}), func(ctx context.Context, _ executor, _ []int) error {
		if hangs.CompareAndSwap(false, true) {
			close(hanging)
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	})
	first := make(chan error)
	go func() { first <- b.run(t.Context(), 1) }()
	<-hanging
	for step := range 3 {
		start := time.Now()
		assert.NoError(t, b.run(t.Context(), step))
		assert.Less(t, time.Since(start), time.Second)
	}
	assert.ErrorIs(t, <-first, context.DeadlineExceeded)
}
