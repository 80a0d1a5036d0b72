package sqlurlr_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/urlr-community/webhooks-go/dedupe"
	"github.com/urlr-community/webhooks-go/sqlurlr"
)

// A panickingConnector panics the first time.
type panickingConnector struct{ attempts atomic.Int64 }

func (c *panickingConnector) Connect(context.Context) (driver.Conn, error) {
	if c.attempts.Add(1) == 1 {
		panic("first connection")
	}
	return nil, driver.ErrBadConn
}

func (c *panickingConnector) Driver() driver.Driver { return nil }

// A driver that panics once fails the calls of that batch, and none after it.
func TestPanickingDriver(t *testing.T) {
	s := sqlurlr.New(sql.OpenDB(&panickingConnector{}), sqlurlr.Postgres)
	assert.Panics(t, func() { _, _ = s.Begin(t.Context(), "f", dedupe.AttemptID{1}, lease) })
	for i := range 3 {
		_, err := s.Begin(t.Context(), "f", dedupe.AttemptID{2, byte(i)}, lease)
		assert.ErrorIs(t, err, driver.ErrBadConn)
	}
}
