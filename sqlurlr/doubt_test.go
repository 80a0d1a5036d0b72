package sqlurlr_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync/atomic"
	"testing"
)

// The response to a commit is lost. Whether or not it took effect, the click counts once.
func TestCommitInDoubt(t *testing.T) {
	for name, isCommitted := range map[string]bool{"committed": true, "rolled back": false} {
		t.Run(name, func(t *testing.T) {
			eachDatabase(t, func(t *testing.T, d database) {
				doubtful := &doubtful{inner: d.open(t).Driver(), source: d.source, commits: isCommitted}
				db := sql.OpenDB(doubtful)
				t.Cleanup(func() { _ = db.Close() })
				s := newScene(t, db, d, record, nil)
				s.retry()
				s.wantClicks(1)
				s.settle() // beginBeside commits, too
				doubtful.losesCommit.Store(true)
				wantUnavailable(t, s.deliver())
				s.retry()
				s.wantClicks(2)
				s.retry()
				s.wantClicks(3)
			})
		})
	}
}

// A doubtful driver loses the responses to commits of handlers when told to.
type doubtful struct {
	inner       driver.Driver
	source      string
	commits     bool        // although it says that it failed
	losesCommit atomic.Bool // once
}

func (d *doubtful) Driver() driver.Driver { return d.inner }

func (d *doubtful) Connect(context.Context) (driver.Conn, error) {
	c, err := d.inner.Open(d.source)
	if err != nil {
		return nil, err
	}
	return &doubtfulConn{c.(connection), d}, nil
}

// A connection has the methods that both drivers implement.
type connection interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
}

type doubtfulConn struct {
	connection
	driver *doubtful
}

func (c *doubtfulConn) BeginTx(ctx context.Context, opts driver.TxOptions) (driver.Tx, error) {
	tx, err := c.connection.BeginTx(ctx, opts)
	return &doubtfulTx{tx, c.driver}, err
}

type doubtfulTx struct {
	driver.Tx
	driver *doubtful
}

var errLost = errors.New("connection reset by peer")

func (t *doubtfulTx) Commit() error {
	if !t.driver.losesCommit.CompareAndSwap(true, false) {
		return t.Tx.Commit()
	}
	if !t.driver.commits {
		return errors.Join(errLost, t.Rollback())
	}
	return errors.Join(errLost, t.Tx.Commit())
}
