package sqlurlr

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/dedupe"
)

var (
	errNoAttempt = errors.New("urlr: sqlurlr: no attempt is in progress: mount Deduplicate before Store.Handler, " +
		"with a Guard over the same Store")
	errTwice   = errors.New("urlr: sqlurlr: a delivery reached a second Store.Handler: use one, with one transaction")
	errRefused = fmt.Errorf("urlr: sqlurlr: the attempt could not begin: %w", core.ErrUnavailable)
	errStopped = fmt.Errorf("urlr: sqlurlr: the attempt ended while its handler was running, so the effect was "+
		"rolled back: if middleware limits the handler's time, let the handler stop with its context: %w",
		core.ErrUnavailable)
	errLease = fmt.Errorf("urlr: sqlurlr: the lease ended before the effect could be committed, so it was "+
		"rolled back: if the handler takes that long, choose a longer dedupe.WithLease: %w", core.ErrUnavailable)
)

// Handler returns a handler that calls h in a transaction and commits h's effect together with the
// record of it. Mount it after an adapter's Deduplicate whose [dedupe.Guard] uses this Store:
// without that, the response is 500 and h is not called. A delivery can pass only one such handler:
// a second one responds with 500, too.
//
// If h returns an error or panics, the transaction is rolled back, the status is [core.StatusCode]
// of the error, and URLR retries the delivery. If the database is down, or the attempt's lease ends
// before the commit, the transaction is rolled back and the response is 503. It is also rolled back
// if the attempt ends before the commit, because middleware such as [http.TimeoutHandler] has
// responded. ctx is the request's: it is canceled if the sender disconnects, but the transaction
// stays open until the lease ends. h must not commit or roll back the transaction itself. The
// transaction has the database's default isolation level. Errors are not logged: wrap the handler
// to log them. docs/operations.md has an example.
//
// It panics if h is nil.
func (s *Store) Handler(h func(ctx context.Context, tx *sql.Tx, e *core.Event) error) core.HandlerFunc {
	if h == nil {
		panic("urlr: sqlurlr: Store.Handler needs a handler, got nil")
	}
	return func(ctx context.Context, e *core.Event) error {
		a := s.attempts.ofEvent(ctx, e)
		if a == nil {
			return errNoAttempt
		}
		if !a.state.CompareAndSwap(begun, handling) {
			return a.whyNot()
		}
		return s.handle(ctx, a, e, h)
	}
}

// whyNot says why an attempt can't be handled.
func (a *attempt) whyNot() error {
	switch a.state.Load() {
	case refused:
		return errRefused
	case stopped:
		return errStopped
	default:
		return errTwice
	}
}

func (s *Store) handle(
	ctx context.Context, a *attempt, e *core.Event, h func(context.Context, *sql.Tx, *core.Event) error,
) error {
	// The effect of h is committed even if the sender disconnects, but not after the lease.
	whole, cancel := context.WithDeadline(context.WithoutCancel(ctx), a.leaseEnds)
	defer cancel()
	tx, err := s.db.BeginTx(whole, nil)
	if err != nil {
		return s.unavailable(a, err)
	}
	defer tx.Rollback() //nolint:errcheck // after Commit, there is nothing left to roll back
	if err := h(ctx, tx, e); err != nil {
		return s.failed(a, tx, err)
	}
	marked, err := s.addFlag(whole, tx, a, s.statements.commit, done)
	if err != nil {
		return s.unavailable(a, err)
	}
	switch {
	case a.state.Load() == stopped:
		return errStopped
	case marked == 0 || a.isOver():
		return errLease
	case !a.state.CompareAndSwap(handling, inDoubt):
		return errStopped
	}
	if err := tx.Commit(); err != nil {
		return s.unavailable(a, err)
	}
	s.attempts.commit(a)
	return nil
}

// failed returns the handler's error. If the transaction can't even be rolled back, the database is
// down.
func (s *Store) failed(a *attempt, tx *sql.Tx, err error) error {
	rollback := tx.Rollback()
	if a.isOver() || rollback != nil && !errors.Is(rollback, sql.ErrTxDone) {
		return s.unavailable(a, err)
	}
	return err
}

func (s *Store) unavailable(a *attempt, err error) error {
	if a.isOver() {
		return fmt.Errorf("%w: %w", errLease, err)
	}
	return fmt.Errorf("%w: %w", core.ErrUnavailable, s.wrap(err))
}

// Committed implements [dedupe.Committer].
func (s *Store) Committed(id dedupe.AttemptID) bool { return s.attempts.isCommitted(id) }
