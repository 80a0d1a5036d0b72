package main

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
)

// An outboxPublisher puts messages into the outbox in a transaction. This file stands in for
// watermill-sql, which does the same in Postgres and MySQL.
type outboxPublisher struct{ tx *sql.Tx }

// Publish implements [message.Publisher].
func (p outboxPublisher) Publish(topic string, messages ...*message.Message) error {
	for _, m := range messages {
		metadata, err := json.Marshal(m.Metadata)
		if err != nil {
			return err
		}
		_, err = p.tx.ExecContext(m.Context(),
			`INSERT INTO outbox (topic, uuid, metadata, payload) VALUES (?, ?, ?, ?)`,
			topic, m.UUID, metadata, []byte(m.Payload))
		if err != nil {
			return err
		}
	}
	return nil
}

// Close implements [message.Publisher].
func (outboxPublisher) Close() error { return nil }

// An outbox is a [message.Subscriber] to the messages of an outboxPublisher. A message stays in the
// outbox until it is acknowledged. Each topic must have only one subscriber at a time.
type outbox struct {
	db     *sql.DB
	closed chan struct{}
}

func newOutbox(db *sql.DB) *outbox { return &outbox{db: db, closed: make(chan struct{})} }

// Close implements [message.Subscriber].
func (o *outbox) Close() error {
	close(o.closed)
	return nil
}

// Subscribe implements [message.Subscriber].
func (o *outbox) Subscribe(ctx context.Context, topic string) (<-chan *message.Message, error) {
	messages := make(chan *message.Message)
	go func() {
		defer close(messages)
		for o.wait(ctx, 0) {
			err := o.passOn(ctx, topic, messages)
			if err == nil {
				continue
			}
			if !errors.Is(err, sql.ErrNoRows) && ctx.Err() == nil {
				fmt.Fprintln(os.Stderr, "outbox:", err)
			}
			o.wait(ctx, pollInterval)
		}
	}()
	return messages, nil
}

const pollInterval = 50 * time.Millisecond

// wait returns false if the subscription ends while it waits.
func (o *outbox) wait(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-o.closed:
		return false
	case <-time.After(d):
		return true
	}
}

// passOn passes on the oldest message and deletes it once it is acknowledged.
func (o *outbox) passOn(ctx context.Context, topic string, messages chan<- *message.Message) error {
	position, m, err := o.oldest(ctx, topic)
	if err != nil {
		return err
	}
	select {
	case messages <- m:
	case <-o.closed:
		return nil
	case <-ctx.Done():
		return nil
	}
	select {
	case <-m.Acked():
		_, err := o.db.ExecContext(context.WithoutCancel(ctx), `DELETE FROM outbox WHERE position = ?`, position)
		return err
	case <-m.Nacked():
		return fmt.Errorf("message %s was not handled: it stays the first", m.UUID)
	}
}

func (o *outbox) oldest(ctx context.Context, topic string) (position int64, m *message.Message, err error) {
	var uuid string
	var metadata, payload []byte
	row := o.db.QueryRowContext(ctx,
		`SELECT position, uuid, metadata, payload FROM outbox WHERE topic = ? ORDER BY position LIMIT 1`, topic)
	if err := row.Scan(&position, &uuid, &metadata, &payload); err != nil {
		return 0, nil, err
	}
	m = message.NewMessage(uuid, payload)
	m.SetContext(ctx)
	return position, m, json.Unmarshal(metadata, &m.Metadata)
}
