package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// migrations are the steps to the current schema. The database's user_version counts those that
// have run. Never change a released step: add another one.
var migrations = []string{
	// 1. What lists show is apart from the contents, so that a scan touches few pages: filters need
	// no index of their own. AUTOINCREMENT never reuses an ID.
	`PRAGMA application_id = 1431456850;

	CREATE TABLE deliveries (
		id        INTEGER PRIMARY KEY AUTOINCREMENT,
		received  INTEGER NOT NULL, -- microseconds since 1970, like all times
		remote    TEXT    NOT NULL,
		path      TEXT    NOT NULL,
		length    INTEGER NOT NULL,
		verdict   TEXT    NOT NULL,
		problem   TEXT    NOT NULL,
		form      TEXT    NOT NULL,
		code      TEXT    NOT NULL,
		country   TEXT    NOT NULL,
		answered  INTEGER,          -- NULL: not yet
		forwarded TEXT    NOT NULL, -- where to; '' if the listener answered
		status    INTEGER NOT NULL, -- 0: none
		error     TEXT    NOT NULL,
		duration  INTEGER NOT NULL  -- nanoseconds
	);
	CREATE INDEX deliveries_received ON deliveries (received, verdict);
	CREATE INDEX deliveries_code ON deliveries (code);

	CREATE TABLE contents (
		id            INTEGER PRIMARY KEY,
		header        TEXT NOT NULL, -- JSON, like all headers
		body          BLOB,
		answer_header TEXT NOT NULL,
		answer_body   BLOB
	);`,

	// 2. Replays have rows of their own, so that none replaces the first answer. The delivery's row
	// sums them up for lists, which also show labels and cities.
	`ALTER TABLE deliveries ADD COLUMN replays       INTEGER NOT NULL DEFAULT 0;
	ALTER TABLE deliveries ADD COLUMN replayed      INTEGER;                    -- when the last one was answered
	ALTER TABLE deliveries ADD COLUMN replay_status INTEGER NOT NULL DEFAULT 0; -- of the last one
	ALTER TABLE deliveries ADD COLUMN acknowledged  INTEGER NOT NULL DEFAULT 0; -- 1: an unedited attempt got a 2xx
	UPDATE deliveries SET acknowledged = status BETWEEN 200 AND 299;

	ALTER TABLE deliveries ADD COLUMN label TEXT NOT NULL DEFAULT '';
	ALTER TABLE deliveries ADD COLUMN city  TEXT NOT NULL DEFAULT '';
	CREATE TEMP VIEW events AS SELECT id, CAST(body AS TEXT) AS event FROM contents
		WHERE json_valid(CAST(body AS TEXT));
	UPDATE deliveries SET label = json_extract(event, '$.link.label') FROM events
		WHERE events.id = deliveries.id AND json_type(event, '$.link.label') = 'text';
	UPDATE deliveries SET city = json_extract(event, '$.city') FROM events
		WHERE events.id = deliveries.id AND json_type(event, '$.city') = 'text';
	DROP VIEW events;

	CREATE TABLE replays (
		id        INTEGER PRIMARY KEY AUTOINCREMENT,
		delivery  INTEGER NOT NULL,
		edited    INTEGER NOT NULL, -- 1: body was sent instead of the delivery's
		body      BLOB,
		answered  INTEGER NOT NULL,
		forwarded TEXT    NOT NULL,
		status    INTEGER NOT NULL,
		error     TEXT    NOT NULL,
		duration  INTEGER NOT NULL,
		answer_header TEXT NOT NULL,
		answer_body   BLOB
	);
	CREATE INDEX replays_delivery ON replays (delivery);`,
}

// applicationID is "URLR" and marks our databases; migration 1 sets it.
const applicationID = 0x55524c52

var errForeign = errors.New("it belongs to another program: choose another file")

// migrate upgrades the schema to a version.
func migrate(db *sql.DB, to int) error {
	at, err := version(db, to)
	if err != nil {
		return err
	}
	if err := useWAL(db); err != nil {
		return err
	}
	for ; at < to; at++ {
		if err := advance(db, at, to); err != nil {
			return fmt.Errorf("upgrade it from version %d to %d: %w", at, at+1, err)
		}
	}
	return nil
}

// useWAL gives the database a write-ahead log. If several processes do so at once, SQLite does not
// wait: it tells all but one that the database is locked.
func useWAL(db *sql.DB) error {
	const attempts, pause = 200, 10 * time.Millisecond
	for i := 1; ; i++ {
		_, err := db.Exec("PRAGMA journal_mode = WAL")
		if !isBusy(err) || i == attempts {
			return err
		}
		time.Sleep(pause)
	}
}

// advance runs one migration, unless another process has run it meanwhile.
func advance(db *sql.DB, from, to int) error {
	tx, err := db.Begin() // it is immediate: no other process can begin one
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	at, err := version(tx, to)
	if err != nil || at > from {
		return err
	}
	if _, err := tx.Exec(migrations[from]); err != nil {
		return err
	}
	if _, err := tx.Exec(fmt.Sprintf("PRAGMA user_version = %d", from+1)); err != nil {
		return err
	}
	return tx.Commit()
}

type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// version returns the schema's version, or 0 for a new file. It reads everything in one statement,
// because another process may be at work.
func version(db querier, known int) (int, error) {
	var application, at, objects int
	err := db.QueryRowContext(
		context.Background(),
		`SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema)
		FROM pragma_application_id, pragma_user_version`,
	).Scan(
		&application,
		&at,
		&objects,
	)
	isNew := application == 0 && at == 0 && objects == 0
	switch {
	case err != nil:
		return 0, err
	case application != applicationID && !isNew:
		return 0, errForeign
	case at > known:
		return 0, fmt.Errorf(
			"a newer urlrhook created it (version %d, this one knows %d): update urlrhook, or choose another file",
			at,
			known,
		)
	}
	return at, nil
}
