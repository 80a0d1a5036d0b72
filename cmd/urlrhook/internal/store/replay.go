package store

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
)

// AddReplay keeps a replay of a delivery and sets its ID. It returns when the replay is on disk.
//
// The replay's answer needs its At. If the delivery does not exist, the error is [ErrNotFound].
func (s *Store) AddReplay(ctx context.Context, r *Replay) error {
	id, err := s.addReplay(ctx, r)
	if err != nil {
		return fmt.Errorf("keep a replay of delivery %d: %w", r.Delivery, err)
	}
	r.ID = id
	return nil
}

func (s *Store) addReplay(ctx context.Context, r *Replay) (int64, error) {
	if r.Answer.At.IsZero() {
		return 0, fmt.Errorf("its answer has no time: set At")
	}
	answer, err := newAnswerRow(r.Answer)
	if err != nil {
		return 0, err
	}
	args := append([]any{r.Delivery, r.Edited, bytes.Clone(r.Body)}, answer.summary...)
	args = append(args, answer.contents...)
	count := []any{r.Delivery, answer.summary[0], r.Answer.Status, r.Edited}
	var replay int64
	_, err = s.writer.write(ctx, func(st *statements) (int64, error) {
		if err := execOne(st.countReplay, count...); err != nil {
			return 0, err
		}
		result, err := st.addReplay.Exec(args...)
		if err != nil {
			return 0, err
		}
		replay, err = result.LastInsertId()
		return 0, err // no delivery was added
	})
	return replay, err
}

// Replays returns the last n replays of a delivery, newest first.
func (s *Store) Replays(ctx context.Context, delivery int64, n int) ([]Replay, error) {
	replays, err := collect(
		ctx,
		s.read,
		scanReplay,
		`SELECT id, delivery, edited, body, answered, forwarded, status, error, duration,
		answer_header, answer_body FROM replays WHERE delivery = ? ORDER BY id DESC LIMIT ?`,
		delivery,
		n,
	)
	if err != nil {
		return nil, fmt.Errorf("read the replays of delivery %d: %w", delivery, explain(err))
	}
	return replays, nil
}

func scanReplay(rows *sql.Rows) (r Replay, err error) {
	var answered int64
	var header string
	a := &r.Answer
	err = rows.Scan(
		&r.ID,
		&r.Delivery,
		&r.Edited,
		&r.Body,
		&answered,
		&a.By,
		&a.Status,
		&a.Error,
		&a.Duration,
		&header,
		&a.Body,
	)
	if err != nil {
		return r, err
	}
	a.At = timeFrom(answered)
	a.Header, err = headerFrom(header)
	return r, err
}
