package sqlurlr_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

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

// A hastyConn executes the first statement and panics at the second.
type hastyConn struct {
	driver.Conn
	statements *atomic.Int64
}

func (c hastyConn) Connect(context.Context) (driver.Conn, error) { return c, nil }

func (hastyConn) Driver() driver.Driver { return nil }

func (hastyConn) Close() error { return nil }

func (c hastyConn) ExecContext(context.Context, string, []driver.NamedValue) (driver.Result, error) {
	if c.statements.Add(1) == 2 {
		panic("second statement")
	}
	return driver.RowsAffected(1), nil
}

// A driver that panics while an attempt is ended a second time, in the background, does not end the
// process.
func TestPanicInTheBackground(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := hastyConn{statements: new(atomic.Int64)}
		db := sql.OpenDB(c)
		defer db.Close() //nolint:errcheck // it has nothing to close
		s := sqlurlr.New(db, sqlurlr.Postgres)
		assert.NoError(t, s.End(t.Context(), "f", dedupe.AttemptID{1}, 0))
		time.Sleep(10 * time.Second)
		assert.EqualValues(t, 3, c.statements.Load(), "it is tried again")
	})
}
