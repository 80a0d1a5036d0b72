// Package store keeps deliveries in an SQLite database.
package store

import (
	"context"
	"errors"
	"time"
)

// A Store is a database of deliveries. It is safe for concurrent use, and several processes may have the same file open.
type Store struct{}

// ErrNotFound is the error for a delivery that is not there, or not any more.
var ErrNotFound = errors.New("no such delivery")

// Open opens the database in a file, which is made with mode 0600 if it is not there, or in memory if path is ":memory:". It keeps the
// last keep deliveries, and drops older ones.
func Open(path string, keep int) (*Store, error) { return nil, errors.ErrUnsupported }

// Close writes what is pending and closes the database.
func (s *Store) Close() error { return nil }

// Add keeps a delivery and sets its ID. It returns when it is on disk: deliveries that are added at the same time share one commit.
func (s *Store) Add(ctx context.Context, d *Delivery) error { return nil }

// SetAnswer keeps the answer to a delivery, in place of an earlier one. It returns when it is on disk, sharing commits with Add.
func (s *Store) SetAnswer(ctx context.Context, id int64, a Answer) error { return nil }

// Get returns a delivery, or ErrNotFound.
func (s *Store) Get(ctx context.Context, id int64) (*Delivery, error) { return nil, nil }

// A Filter chooses deliveries. Zero fields choose all.
type Filter struct {
	Verdict Verdict
	Status  string // "2xx", "4xx", ... by the first digit of the answer's status; "failed": anything but 2xx (also no answer yet); "none": no status
	Code    string // of the link, exactly
	Country string // exactly
	Before  int64  // only IDs below it: the next page
	After   int64  // only IDs above it
	Limit   int    // default 50, at most 500
}

// A Summary is a delivery without its headers and bodies.
type Summary struct {
	ID       int64
	Received time.Time
	Verdict  Verdict
	Problem  string
	Form     string
	Code     string
	Country  string
	Length   int64
	Status   int    // of the answer; 0: none
	Error    string // of the answer
	Answered bool
	Duration time.Duration
}

// List returns the chosen deliveries, the newest first.
func (s *Store) List(ctx context.Context, f Filter) ([]Summary, error) { return nil, nil }

// Count returns how many deliveries a filter chooses, whatever its Before, After and Limit.
func (s *Store) Count(ctx context.Context, f Filter) (int, error) { return 0, nil }

// FailedIDs returns the IDs of all deliveries that were not answered with 2xx, the oldest first.
func (s *Store) FailedIDs(ctx context.Context) ([]int64, error) { return nil, nil }

// A Minute is how many deliveries came in a minute.
type Minute struct {
	Start              time.Time
	Authentic, Refused int // Unchecked ones count as Authentic
}

// PerMinute returns the counts of the n minutes up to now, the oldest first, with those that have none.
func (s *Store) PerMinute(ctx context.Context, now time.Time, n int) ([]Minute, error) {
	return nil, nil
}

// Watch returns a channel that gets a value soon after deliveries were added or answered by this Store, and a function that ends it.
// A slow reader misses values but not the last one: it gets at least one after the last change.
func (s *Store) Watch() (changed <-chan struct{}, stop func()) { return nil, func() {} }
