package sqlurlr

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// Begin implements [dedupe.Store].
func (s *Store) Begin(
	ctx context.Context, fingerprint string, id dedupe.AttemptID, lease dedupe.Lease,
) (dedupe.Decision, error) {
	a := newAttempt(ctx, id, lease)
	decision, err := s.begin(ctx, fingerprint, id, lease)
	if err != nil {
		a.state.Store(refused)
	}
	if err != nil || decision == dedupe.Process {
		s.attempts.add(a)
	}
	s.sweep(ctx)
	return decision, s.wrap(err)
}

// Abandon implements [dedupe.Store].
func (s *Store) Abandon(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	_, err := s.exec(ctx, s.statements.abandon, fingerprint, id)
	return s.wrap(err)
}

// Undo implements [dedupe.Store].
func (s *Store) Undo(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	s.attempts.remove(id)
	_, err := s.exec(ctx, s.statements.undo, fingerprint, id, dedupe.BookkeepingTime.Microseconds())
	return s.wrap(err)
}

// End implements [dedupe.Store].
func (s *Store) End(ctx context.Context, fingerprint string, id dedupe.AttemptID, credit time.Duration) error {
	var err error
	switch a := s.attempts.ofID(id); {
	case a != nil && a.state.Load() == inDoubt:
		err = s.endInDoubt(ctx, fingerprint, id)
	case credit > 0:
		_, err = s.exec(ctx, s.statements.credit, fingerprint, id, microseconds(credit))
	default:
		err = s.end(ctx, fingerprint, id)
	}
	if err == nil {
		s.attempts.remove(id)
	}
	return s.wrap(err)
}

func (s *Store) end(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	removed, err := s.exec(ctx, s.statements.end, fingerprint, id)
	if err == nil && removed == 0 {
		_, err = s.exec(ctx, s.statements.clear, fingerprint, id)
	}
	return err
}

// endInDoubt ends an attempt of which nobody knows whether its effect is committed: only if the
// database says that it is, a credit is kept.
func (s *Store) endInDoubt(ctx context.Context, fingerprint string, id dedupe.AttemptID) error {
	removed, err := s.exec(ctx, s.statements.dropUncommitted, fingerprint, id)
	if err == nil && removed == 0 {
		_, err = s.exec(ctx, s.statements.creditCommitted, fingerprint, id)
	}
	return err
}

// exec takes a step of one statement, and returns how many rows it changed.
func (s *Store) exec(
	ctx context.Context, statement, fingerprint string, id dedupe.AttemptID, args ...any,
) (changed int64, err error) {
	ctx, cancel := context.WithTimeout(ctx, stepTime)
	defer cancel()
	return s.execIn(ctx, s.db, statement, fingerprint, id, args...)
}

// An executor is a database or a transaction.
type executor interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

func (s *Store) execIn(
	ctx context.Context, e executor, statement, fingerprint string, id dedupe.AttemptID, args ...any,
) (changed int64, err error) {
	all := append([]any{s.clock(), fingerprint, hex.EncodeToString(id[:])}, args...)
	result, err := e.ExecContext(ctx, statement, all...)
	if err != nil {
		return 0, err
	}
	return result.RowsAffected()
}

// clock returns the first argument of each statement: what the database adds its own clock to.
func (s *Store) clock() int64 {
	if s.dialect == SQLite {
		return time.Now().UnixMicro()
	}
	return 0
}

// microseconds is what the table counts in. What is more than nothing stays more than nothing.
func microseconds(d time.Duration) int64 { return max(d.Microseconds(), 1) }

func (s *Store) wrap(err error) error {
	if err != nil {
		return fmt.Errorf("urlr: %s: %w", s.dialect, err)
	}
	return nil
}
