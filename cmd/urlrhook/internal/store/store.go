// Package store keeps deliveries in an SQLite database.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// A Store is a database of deliveries. It is safe for concurrent use, and several processes may have
// the same file open.
type Store struct {
	read   *sql.DB // beside the writer, so that a reader never waits for a commit
	writer *writer // nil: it is only read
	watchers
}

// ErrNotFound is the error for a delivery that is not there, or no longer.
var ErrNotFound = errors.New("no such delivery")

var errClosed = errors.New("the database was closed")

// Add keeps a delivery and sets its ID. It returns when it is on disk: deliveries that are added at
// the same time share one commit.
//
// On disk means that neither SIGKILL nor a power loss takes it back: see [Open]. The delivery's answer
// is kept too if its At is set.
// Bytes in a header that are not UTF-8 become U+FFFD.
//
// If ctx ends first, Add returns its error and leaves the ID alone, and the delivery is not kept.
func (s *Store) Add(ctx context.Context, d *Delivery) error {
	row, err := newRow(d)
	if err != nil {
		return fmt.Errorf("keep a delivery: %w", err)
	}
	id, err := s.writer.write(ctx, row.insert)
	if err != nil {
		return fmt.Errorf("keep a delivery: %w", err)
	}
	d.ID = id
	return nil
}

// SetAnswer keeps the first answer to a delivery. It returns when it is on disk, sharing commits with
// Add.
//
// The answer needs its At. For a delivery that is not there or has its answer the error is
// [ErrNotFound]: nothing is overwritten. If ctx ends first, SetAnswer returns its error, and the
// answer is not kept.
func (s *Store) SetAnswer(ctx context.Context, id int64, a Answer) error {
	if a.At.IsZero() {
		return fmt.Errorf("keep the answer to delivery %d: it has no time: set At", id)
	}
	row, err := newAnswerRow(a)
	if err != nil {
		return fmt.Errorf("keep the answer to delivery %d: %w", id, err)
	}
	_, err = s.writer.write(ctx, func(st *statements) (int64, error) { return 0, row.update(st, id) })
	if err != nil {
		return fmt.Errorf("keep the answer to delivery %d: %w", id, err)
	}
	return nil
}

// Close writes what is pending and closes the database. Afterwards every call fails; a second Close
// does nothing.
func (s *Store) Close() error {
	if s.writer == nil {
		return s.read.Close()
	}
	if !s.writer.stop() {
		return nil
	}
	var err error
	if s.read != s.writer.db {
		err = s.read.Close()
	}
	// The writer is the last one to close: only it may move the log into the database's file and remove the log.
	return errors.Join(err, s.writer.close())
}
