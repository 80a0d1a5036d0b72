package sqlurlr

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// Begin implements [dedupe.Store].
func (s *Store) Begin(
	ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease,
) (dedupe.Decision, error) {
	k := key{fingerprint, id}
	if a := s.attempts.of(k); a != nil && a.state.Load() != refused && !a.isOver() {
		return dedupe.Process, nil // a repeated call
	}
	a := newAttempt(ctx, k, lease)
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	decision, err := s.begin(limited, a)
	if err != nil {
		a.state.Store(refused)
	}
	if err != nil || decision == dedupe.Process {
		s.attempts.add(a)
	}
	s.sweep(limited)
	return decision, s.wrap(err)
}

// Abandon implements [dedupe.Store].
func (s *Store) Abandon(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	k := key{fingerprint, id}
	a := s.attempts.of(k)
	if a == nil {
		_, err := s.exec(ctx, s.statements.abandon, k)
		return s.wrap(err)
	}
	a.calls.Lock()
	defer a.calls.Unlock()
	if a.ended {
		return nil
	}
	limited, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	_, err := s.addFlag(limited, s.db, a, s.statements.abandon, disconnected)
	return s.wrap(err)
}

// Undo implements [dedupe.Store]. It does not forget an attempt that is in doubt: a guard may have
// to repeat its End, which must not conclude that the attempt had no effect.
func (s *Store) Undo(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	k := key{fingerprint, id}
	a := s.attempts.of(k)
	defer a.end()()
	if s.confirmations.contain(k) { // or it would take an attempt whose end is forgotten for one in progress
		if err := s.endDurably([]key{k}); err != nil {
			return s.wrap(err)
		}
	}
	_, err := s.exec(ctx, s.statements.undo, k, dedupe.BookkeepingTime.Microseconds())
	if a != nil && a.state.Load() != inDoubt {
		s.attempts.remove(k)
	}
	return s.wrap(err)
}

// End implements [dedupe.Store].
func (s *Store) End(ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration) error {
	k := key{fingerprint, id}
	a := s.attempts.of(k)
	defer a.end()()
	var err error
	switch {
	case a != nil && a.state.Load() == inDoubt:
		err = s.endInDoubt(ctx, k)
	case credit > 0:
		_, err = s.exec(ctx, s.statements.credit, k, microseconds(credit))
	case a == nil || a.isWritten.Load():
		err = s.ends.Run(ctx, k)
	}
	if err == nil {
		s.attempts.remove(k)
	}
	return s.wrap(err)
}

func (s *Store) end(ctx context.Context, e executor, k key) error {
	removed, err := s.execIn(ctx, e, s.statements.end, k)
	if err == nil && removed == 0 {
		_, err = s.execIn(ctx, e, s.statements.clear, k)
	}
	return err
}

// endInDoubt ends an attempt whose commit may have failed. It keeps a credit only if the database
// says that the effect is committed.
func (s *Store) endInDoubt(ctx context.Context, k key) error {
	removed, err := s.exec(ctx, s.statements.dropUncommitted, k)
	if err == nil && removed == 0 {
		_, err = s.exec(ctx, s.statements.creditCommitted, k)
	}
	return err
}

// addFlag adds a flag to an attempt, with update if the attempt has a row.
func (s *Store) addFlag(
	ctx context.Context, e executor, a *attempt, update string, flag int,
) (changed int64, err error) {
	if s.dialect != SQLite {
		return s.execIn(ctx, e, update, a.key)
	}
	a.isWritten.Store(true)
	return s.execIn(ctx, e, s.statements.note, a.key,
		microseconds(time.Until(a.leaseEnds)), microseconds(a.lease.Retention), flag)
}

// exec makes a call of one statement and returns how many rows it changed.
func (s *Store) exec(ctx context.Context, statement string, k key, args ...any) (changed int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	return s.execIn(ctx, s.db, statement, k, args...)
}

// An executor is a database, a connection or a transaction.
type executor interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

func (s *Store) execIn(
	ctx context.Context, e executor, statement string, k key, args ...any,
) (changed int64, err error) {
	all := append([]any{s.clock(), k.fingerprint, k.attempt()}, args...)
	result, err := s.run(ctx, e, statement, all)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// clock returns the first argument of each statement, which the database adds to its own clock.
func (s *Store) clock() int64 {
	if s.dialect == SQLite {
		return time.Now().UnixMicro()
	}
	return 0
}

// microseconds converts a duration to the unit of the table. A positive duration stays positive.
func microseconds(d time.Duration) int64 { return max(d.Microseconds(), 1) }

func (s *Store) wrap(err error) error {
	if err != nil {
		return fmt.Errorf("urlr: %s: %w", s.dialect, err)
	}
	return nil
}
