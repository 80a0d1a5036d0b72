package sqlurlr

import (
	"context"
	"regexp"
	"strings"
)

// createLock takes an advisory lock, because in Postgres CREATE TABLE IF NOT EXISTS can fail if two
// sessions run it at once.
const createLock = "SELECT pg_advisory_xact_lock(8413250129710)"

// Create creates the table if it does not exist. Several processes may call it at once.
func (s *Store) Create(ctx context.Context) error {
	return s.wrap(s.create(ctx))
}

func (s *Store) create(ctx context.Context) error {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after Commit, there is nothing left to roll back
	if s.dialect == Postgres {
		if _, err := tx.ExecContext(ctx, createLock); err != nil {
			return err
		}
	}
	for _, statement := range s.dialect.migration(s.table) {
		if _, err := tx.ExecContext(ctx, statement); err != nil {
			return err
		}
	}
	return tx.Commit()
}

var comment = regexp.MustCompile(`--[^\n]*`)

// migration returns the statements that create a table of that name.
func (d Dialect) migration(table string) []string {
	file := postgresTable
	if d == SQLite {
		file = sqliteTable
	}
	text := strings.ReplaceAll(comment.ReplaceAllString(file, ""), quote(DefaultTable), quote(table))
	statements := strings.Split(text, ";")
	return statements[:len(statements)-1]
}
