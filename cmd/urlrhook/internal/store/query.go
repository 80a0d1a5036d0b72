package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// A Summary is a delivery without its headers and bodies.
type Summary struct {
	ID       int64
	Received time.Time
	Verdict  Verdict
	Problem  string
	Form     string
	Code     string
	Label    string
	City     string
	Country  string
	Length   int64
	Status   int       // of the first answer; 0: none
	Error    string    // of the first answer
	Answered time.Time // when the first answer came; zero: there is none yet
	By       string    // the URL it was forwarded to; "" for the listener itself
	Duration time.Duration

	Replays      int       // how often it was replayed
	Replayed     time.Time // when the last replay was answered; zero: there is none
	ReplayStatus int       // of the last replay; 0: no answer
	Acknowledged bool      // an attempt was answered with 2xx; edited replays don't count
}

// IsWronglyAccepted reports whether a forged delivery was answered with 2xx.
func (s *Summary) IsWronglyAccepted() bool {
	return IsForged(s.Verdict, s.Form) && s.Acknowledged
}

// Summary returns what lists show of a delivery without replays.
func (d *Delivery) Summary() Summary {
	a := &d.Answer
	return Summary{
		ID: d.ID, Received: d.Received, Verdict: d.Verdict, Problem: d.Problem, Form: d.Form,
		Code: d.Code, Label: d.Label, City: d.City, Country: d.Country, Length: d.Length,
		Status: a.Status, Error: a.Error, Answered: a.At, By: a.By, Duration: a.Duration, Acknowledged: a.OK(),
	}
}

// Get returns a delivery, or ErrNotFound. An empty body is nil.
func (s *Store) Get(ctx context.Context, id int64) (*Delivery, error) {
	d, err := scanDelivery(
		s.read.QueryRowContext(ctx, `SELECT id, received, remote, path, header, body, length, verdict, problem, form,
		code, label, city, country, answered, forwarded, status, answer_header, answer_body, error, duration
		FROM deliveries JOIN contents USING (id) WHERE id = ?`, id),
	)
	if errors.Is(err, sql.ErrNoRows) {
		err = ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read delivery %d: %w", id, explain(err))
	}
	return d, nil
}

func scanDelivery(row *sql.Row) (*Delivery, error) {
	var (
		d                    Delivery
		received             int64
		answered             sql.NullInt64
		header, answerHeader string
	)
	a := &d.Answer
	err := row.Scan(&d.ID, &received, &d.Remote, &d.Path, &header, &d.Body, &d.Length, &d.Verdict, &d.Problem, &d.Form,
		&d.Code, &d.Label, &d.City, &d.Country,
		&answered, &a.By, &a.Status, &answerHeader, &a.Body, &a.Error, &a.Duration)
	if err != nil {
		return nil, err
	}
	d.Received, a.At = timeFrom(received), answerTime(answered)
	if d.Header, err = headerFrom(header); err != nil {
		return nil, err
	}
	a.Header, err = headerFrom(answerHeader)
	return &d, err
}

// List returns the deliveries that match a filter, newest first.
func (s *Store) List(ctx context.Context, f Filter) ([]Summary, error) {
	where, err := f.conditions()
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	if f.Before > 0 {
		where.add("id < ?", f.Before)
	}
	if f.After > 0 {
		where.add("id > ?", f.After)
	}
	query := `SELECT id, received, verdict, problem, form, code, label, city, country, length, status, error, answered,
		forwarded, duration, replays, replayed, replay_status, acknowledged
		FROM deliveries WHERE ` + where.String() + ` ORDER BY id DESC LIMIT ?`
	list, err := collect(ctx, s.read, scanSummary, query, append(where.args, f.limit())...)
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", explain(err))
	}
	return list, nil
}

// Summary returns what lists show of a delivery, or ErrNotFound.
func (s *Store) Summary(ctx context.Context, id int64) (Summary, error) {
	list, err := s.List(ctx, Filter{After: id - 1, Before: id + 1})
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("read delivery %d: %w", id, ErrNotFound)
	}
	if err != nil {
		return Summary{}, err
	}
	return list[0], nil
}

func scanSummary(rows *sql.Rows) (d Summary, err error) {
	var received int64
	var answered, replayed sql.NullInt64
	err = rows.Scan(&d.ID, &received, &d.Verdict, &d.Problem, &d.Form, &d.Code, &d.Label, &d.City,
		&d.Country, &d.Length, &d.Status, &d.Error,
		&answered, &d.By, &d.Duration, &d.Replays, &replayed, &d.ReplayStatus, &d.Acknowledged)
	d.Received, d.Answered, d.Replayed = timeFrom(received), answerTime(answered), answerTime(replayed)
	return d, err
}

// Count returns how many deliveries match a filter. It ignores Before, After and Limit.
func (s *Store) Count(ctx context.Context, f Filter) (int, error) {
	where, err := f.conditions()
	if err != nil {
		return 0, fmt.Errorf("count deliveries: %w", err)
	}
	var n int
	query := `SELECT count(*) FROM deliveries WHERE ` + where.String()
	if err := s.read.QueryRowContext(ctx, query, where.args...).Scan(&n); err != nil {
		return 0, fmt.Errorf("count deliveries: %w", explain(err))
	}
	return n, nil
}

// IDs returns the IDs of all deliveries that match a filter, oldest first. It ignores Before, After
// and Limit.
func (s *Store) IDs(ctx context.Context, f Filter) ([]int64, error) {
	where, err := f.conditions()
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", err)
	}
	scan := func(rows *sql.Rows) (id int64, err error) {
		err = rows.Scan(&id)
		return id, err
	}
	query := `SELECT id FROM deliveries WHERE ` + where.String() + ` ORDER BY id`
	ids, err := collect(ctx, s.read, scan, query, where.args...)
	if err != nil {
		return nil, fmt.Errorf("list deliveries: %w", explain(err))
	}
	return ids, nil
}

// collect runs a query and scans each row.
func collect[T any](
	ctx context.Context,
	db *sql.DB,
	scan func(*sql.Rows) (T, error),
	query string,
	args ...any,
) ([]T, error) {
	rows, err := db.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var all []T
	for rows.Next() {
		one, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, rows.Err()
}
