package sqlurlr

import (
	"context"
	"regexp"
	"strings"
)

// createLock is the number of a lock in Postgres, in which CREATE TABLE IF NOT EXISTS fails if two do it
// at once.
const createLock = "SELECT pg_advisory_xact_lock(8413250129710)"

// Create creates the table and its index, if they are not there. Several processes may call it at once.
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

// migration returns the statements of the migrations, for a table of that name.
func (d Dialect) migration(table string) []string {
	file := postgresTable
	if d == SQLite {
		file = sqliteTable
	}
	schema, name := "", table
	if before, after, ok := strings.Cut(table, "."); ok {
		schema, name = before, after
	}
	index := quote(name + "_expires")
	if d == SQLite && schema != "" {
		index = quote(schema) + "." + index
	}
	_ = index
	text := comment.ReplaceAllString(file, "")
	text = strings.NewReplacer(`"urlr_dedupe"`, quote(table), `"urlr_dedupe_expires"`, index).Replace(text)
	statements := strings.Split(text, ";")
	return statements[:len(statements)-1]
}
