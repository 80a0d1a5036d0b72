package sqlurlr

import (
	"context"
	"database/sql"
	"sync"
	"sync/atomic"
)

// prepared holds the statements of the usual path. SQLite takes longer to compile a statement than
// to run it; drivers for Postgres cache prepared statements themselves.
type prepared struct {
	preparing  sync.Mutex
	statements atomic.Pointer[map[string]*sql.Stmt]
}

// prepare prepares the statements unless another call does so already. Nobody waits for that:
// preparing takes a connection, and whoever waits may hold the only one. For the same reason,
// prepare must not be called in a transaction.
func (s *Store) prepare(ctx context.Context) error {
	p := &s.prepared
	if s.dialect != SQLite || !p.preparing.TryLock() {
		return nil
	}
	defer p.preparing.Unlock()
	if p.statements.Load() != nil {
		return nil
	}
	statements := map[string]*sql.Stmt{}
	for _, text := range []string{s.statements.isBeside, s.statements.note} {
		statement, err := s.db.PrepareContext(ctx, text)
		if err != nil {
			return err
		}
		statements[text] = statement
	}
	p.statements.Store(&statements)
	return nil
}

// get returns the prepared statement with that text, or nil.
func (p *prepared) get(text string) *sql.Stmt {
	if statements := p.statements.Load(); statements != nil {
		return (*statements)[text]
	}
	return nil
}

// queryRow runs a query that returns one row, outside of a transaction.
func (s *Store) queryRow(ctx context.Context, text string, args ...any) *sql.Row {
	if statement := s.prepared.get(text); statement != nil {
		return statement.QueryRowContext(ctx, args...)
	}
	return s.db.QueryRowContext(ctx, text, args...)
}

// run executes a statement.
func (s *Store) run(ctx context.Context, e executor, text string, args []any) (sql.Result, error) {
	statement := s.prepared.get(text)
	if statement == nil {
		return e.ExecContext(ctx, text, args...)
	}
	if tx, ok := e.(*sql.Tx); ok {
		statement = tx.StmtContext(ctx, statement)
	}
	return statement.ExecContext(ctx, args...)
}
