package sqlurlr

import (
	"context"
	"database/sql"
	"errors"

	"github.com/urlr-community/webhooks-go/dedupe"
)

// begin decides what happens to a delivery, and adds its attempt.
func (s *Store) begin(ctx context.Context, a *attempt) (dedupe.Decision, error) {
	if err := s.prepare(ctx); err != nil {
		return 0, err
	}
	if begun, err := s.beginAlone(ctx, a); err != nil || begun {
		return dedupe.Process, err
	}
	a.isWritten.Store(true)
	for range maxTries {
		decision, err := s.beginBeside(ctx, a.key, a.lease)
		if !errors.Is(err, errCreditChanged) {
			return decision, err
		}
	}
	return 0, errCreditChanged
}

// beginAlone begins an attempt if its fingerprint has no row and its lease is an ordinary one.
//
// In SQLite the attempt gets no row yet: until its effect is committed or its sender disconnects,
// it makes no difference to others. In Postgres it gets one, because its transaction may still
// commit after its process has died, and others must wait for that: see beginBeside.
func (s *Store) beginAlone(ctx context.Context, a *attempt) (begun bool, err error) {
	switch {
	case a.lease.Exclusive || s.dialect == SQLite && a.lease.OrphansProcessed:
		return false, nil
	case s.dialect == SQLite:
		isBeside, err := s.isBeside(ctx, a.fingerprint)
		return !isBeside, err
	default:
		a.isWritten.Store(true)
		b := &beginning{attempt: a}
		if err := s.begins.Run(ctx, b); err != nil {
			return false, err // the batch may still be in transit
		}
		return b.isBegun, nil
	}
}

// A beginning is an attempt to begin if its fingerprint has no row.
type beginning struct {
	*attempt
	isBegun bool
}

func (b *beginning) args() []any { return append(b.key.args(), leaseArgs(b.lease, 0)...) }

func (s *Store) beginAll(ctx context.Context, e executor, all []*beginning) error {
	statement, args := argsOfBatch(s.statements.begins, all, s.clock(), (*beginning).args)
	rows, err := e.QueryContext(ctx, statement, args...)
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // rows.Err has it
	begun := map[string]bool{}
	for rows.Next() {
		var attempt string
		if err := rows.Scan(&attempt); err != nil {
			return err
		}
		begun[attempt] = true
	}
	for _, b := range all {
		b.isBegun = begun[b.key.attempt()]
	}
	return rows.Err()
}

func (s *Store) isBeside(ctx context.Context, fingerprint string) (yes bool, err error) {
	err = s.queryRow(ctx, s.statements.isBeside, s.clock(), fingerprint).Scan(&yes)
	return yes, err
}

// leaseArgs returns the lease, its retention and the flags as arguments.
func leaseArgs(lease dedupe.Lease, flags int) []any {
	if lease.OrphansProcessed {
		flags |= processed
	}
	if lease.Exclusive {
		flags |= disconnected
	}
	return []any{microseconds(lease.Duration), microseconds(lease.Retention), flags}
}

// maxTries is how often a Begin tries to use up a credit. Only calls that end an attempt after its
// lease change credits without the fingerprint's lock, so conflicts are rare.
const maxTries = 10

var errCreditChanged = errors.New("the credit changed while it was taken")

// beginBeside begins an attempt whose fingerprint has other rows, under the fingerprint's lock.
// Locking and reading must be two statements: in Postgres, a statement sees only what was committed
// when it began, so it would miss what changed while it waited for the lock.
func (s *Store) beginBeside(ctx context.Context, k key, lease dedupe.Lease) (dedupe.Decision, error) {
	tx, err := s.db.BeginTx(ctx, s.dialect.txOptions())
	if err != nil {
		return 0, err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit, there is nothing left to roll back
	now, err := s.takeLock(ctx, tx, k.fingerprint)
	if err != nil {
		return 0, err
	}
	known, err := s.read(ctx, tx, k)
	if err != nil {
		return 0, err
	}
	decision, credit := decide(known, k.id, now)
	if isInProgress(known, k.id, now) || decision == dedupe.ComeBack {
		return decision, nil
	}
	flags := 0
	if credit != nil {
		flags = took
		if err := s.take(ctx, tx, k.fingerprint, credit, lease, now); err != nil {
			return 0, err
		}
	}
	if _, err := tx.ExecContext(ctx, s.statements.bury, s.clock(), k.fingerprint); err != nil {
		return 0, err
	}
	if _, err := s.execIn(ctx, tx, s.statements.add, k, leaseArgs(lease, flags)...); err != nil {
		return 0, err
	}
	return decision, tx.Commit()
}

// txOptions lets each statement see what was committed before that statement began.
func (d Dialect) txOptions() *sql.TxOptions {
	if d == Postgres {
		return &sql.TxOptions{Isolation: sql.LevelReadCommitted}
	}
	return nil
}

// takeLock locks a fingerprint until the end of the transaction and returns the time.
func (s *Store) takeLock(ctx context.Context, tx *sql.Tx, fingerprint string) (now int64, err error) {
	if s.dialect == SQLite {
		_, err = tx.ExecContext(ctx, s.statements.lock)
		return s.clock(), err
	}
	return now, tx.QueryRowContext(ctx, s.statements.lock, fingerprint).Scan(&now)
}

// read returns the rows of a fingerprint that matter to an attempt.
func (s *Store) read(ctx context.Context, tx *sql.Tx, k key) (known []row, err error) {
	rows, err := tx.QueryContext(ctx, s.statements.read, s.clock(), k.fingerprint, k.attempt())
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // rows.Err has it
	for rows.Next() {
		r, err := scan(rows)
		if err != nil {
			return nil, err
		}
		known = append(known, r)
	}
	return known, rows.Err()
}

// take uses up a credit and closes its attempt.
func (s *Store) take(
	ctx context.Context, tx *sql.Tx, fingerprint string, credit *row, lease dedupe.Lease, now int64,
) error {
	closed := int64(0)
	if _, added := credit.credit(now); !lease.Exclusive {
		closed = added + dedupe.BookkeepingTime.Microseconds()
	}
	of := key{fingerprint, credit.attempt}
	taken, err := s.execIn(ctx, tx, s.statements.take, of,
		closed, credit.leaseEnds, credit.flags, credit.creditEnds)
	if err == nil && taken == 0 {
		err = errCreditChanged
	}
	if err == nil && closed <= now {
		_, err = s.execIn(ctx, tx, s.statements.drop, of)
	}
	return err
}
