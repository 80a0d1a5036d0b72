// Package store keeps deliveries in an SQLite database.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// A Store is a database of deliveries. It is safe for concurrent use, and several processes may
// open the same file.
type Store struct {
	read   *sql.DB // not the writer's, so that readers never wait for a commit
	writer *writer // nil: read-only
	watchers
}

// ErrNotFound means that a delivery does not exist, or not any more.
var ErrNotFound = errors.New("no such delivery")

var errClosed = errors.New("the database was closed")

// Add keeps a delivery, with its answer if that has an At, and sets its ID. It returns when the
// delivery is on disk, so that neither SIGKILL nor a power loss undoes it: see [Open]. Concurrent
// calls share a commit. Bytes in a header that are not UTF-8 become U+FFFD.
//
// If ctx ends first, Add returns its error, does not set the ID, and does not keep the delivery.
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

// SetAnswer keeps the first answer to a delivery. It returns when the answer is on disk.
//
// The answer needs its At. It never overwrites another one: if the delivery does not exist or has
// an answer, the error is [ErrNotFound]. If ctx ends first, SetAnswer returns its error and does
// not keep the answer.
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

// Close writes what is pending and closes the database. Every later call fails, except that a
// second Close does nothing.
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
	// Close the writer last: only it may move the log into the database's file and remove the log.
	return errors.Join(err, s.writer.close())
}
