package sqlurlr

import (
	"context"
	"database/sql"
	"sync"
)

// prepared holds the statements of the usual path. SQLite takes longer to compile a statement than
// to run it; drivers for Postgres cache prepared statements themselves.
type prepared struct {
	mu         sync.Mutex
	statements map[string]*sql.Stmt
}

// prepare must not be called in a transaction, which may hold the only connection.
func (s *Store) prepare(ctx context.Context) error {
	if s.dialect != SQLite {
		return nil
	}
	p := &s.prepared
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.statements != nil {
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
	p.statements = statements
	return nil
}

func (p *prepared) get(text string) *sql.Stmt {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.statements[text]
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
