package main

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"time"

	"github.com/ThreeDotsLabs/watermill/message"
	_ "modernc.org/sqlite" // the driver "sqlite"

	"github.com/urlr-community/webhooks-go/core"
	"github.com/urlr-community/webhooks-go/watermillurlr"
)

const topic = "clicks"

const tables = `
CREATE TABLE IF NOT EXISTS clicks (
	number   INTEGER PRIMARY KEY AUTOINCREMENT,
	link     TEXT NOT NULL,
	country  TEXT NOT NULL,
	happened INTEGER NOT NULL -- in Unix seconds
);
CREATE TABLE IF NOT EXISTS outbox (
	position INTEGER PRIMARY KEY AUTOINCREMENT,
	topic    TEXT NOT NULL,
	uuid     TEXT NOT NULL,
	metadata TEXT NOT NULL, -- JSON
	payload  BLOB NOT NULL
);`

// openDatabase opens a file and creates what is missing in it. What is committed survives a power
// failure (synchronous), and transactions wait for one another (txlock, busy_timeout).
func openDatabase(ctx context.Context, file string) (*sql.DB, error) {
	db, err := sql.Open("sqlite", "file:"+(&url.URL{Path: file}).EscapedPath()+
		"?_txlock=immediate&_pragma=busy_timeout(5000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)")
	if err != nil {
		return nil, err
	}
	if _, err := db.ExecContext(ctx, tables); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return db, newStore(db).Create(ctx)
}

// record handles a click: everything in it happens, or nothing.
func record(ctx context.Context, tx *sql.Tx, click *core.Event) error {
	inserted, err := tx.ExecContext(ctx, `INSERT INTO clicks (link, country, happened) VALUES (?, ?, ?)`,
		click.Link.Code, click.Country, click.Timestamp.Unix())
	if err != nil {
		return err
	}
	number, err := inserted.LastInsertId()
	if err != nil {
		return err
	}
	numbered := watermillurlr.WithMessage(func(_ context.Context, _ *core.Event, m *message.Message) {
		m.Metadata.Set("number", strconv.FormatInt(number, 10))
	})
	return watermillurlr.Publish(outboxPublisher{tx}, topic, numbered)(ctx, click)
}

// printer returns the consumer's handler.
func printer(out io.Writer) message.NoPublishHandlerFunc {
	return func(m *message.Message) error {
		click, err := watermillurlr.Event(m)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "click %s: %q from %q at %s\n",
			m.Metadata.Get("number"), click.Link.Code, click.Country, click.Timestamp.Format(time.TimeOnly))
		return err
	}
}

func printState(ctx context.Context, out io.Writer, db *sql.DB) error {
	var recorded, waiting int
	row := db.QueryRowContext(ctx, `SELECT (SELECT count(*) FROM clicks), (SELECT count(*) FROM outbox)`)
	if err := row.Scan(&recorded, &waiting); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "%d clicks recorded, %d of them still to be printed\n", recorded, waiting)
	return err
}
