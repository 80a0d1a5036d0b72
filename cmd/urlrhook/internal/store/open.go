package store

import (
	"database/sql"
	"errors"
	"fmt"
	"net/url"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

const (
	memory  = ":memory:"
	readers = 4 // connections; a few pages and commands need no more

	// patience is how long a statement waits for another process. SQLite has no queue, so beside a
	// busy listener it can take seconds.
	patience = "busy_timeout(30000)"
)

// Open opens the database in a file, or in memory if path is ":memory:". It creates a missing file
// with mode 0600. The database keeps the newest keep deliveries. It drops older ones when others
// are added, so opening a file just to read it drops nothing.
//
// The database has a write-ahead log with synchronous=FULL: a commit waits until the log is on
// disk, so that neither SIGKILL nor, with an honest disk, a power loss undoes it. Many writes share
// a commit, which makes that affordable.
func Open(path string, keep int) (*Store, error) {
	if keep <= 0 {
		return nil, fmt.Errorf("open the database: can't keep %d deliveries: use 1 or more", keep)
	}
	s, err := open(path, keep)
	if err != nil {
		return nil, fmt.Errorf("open the database %s: %w", path, explain(err))
	}
	return s, nil
}

func open(path string, keep int) (*Store, error) {
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	db, err := openWriting(path, len(migrations))
	if err != nil {
		return nil, err
	}
	read, err := openReading(path, db)
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s := &Store{read: read}
	s.writer, err = newWriter(db, int64(keep), s.notify)
	if err != nil {
		return nil, errors.Join(err, read.Close(), db.Close())
	}
	return s, nil
}

// openWriting opens a database for writing, and creates or upgrades it to a version of the schema.
func openWriting(path string, version int) (*sql.DB, error) {
	if err := makeFile(path); err != nil {
		return nil, err
	}
	db, err := openPool(path, 1, url.Values{
		"_txlock": {"immediate"}, // SQLite waits for the lock at BEGIN, but not later
		"_pragma": {patience, "synchronous(FULL)"},
	})
	if err != nil {
		return nil, err
	}
	err = migrate(db, version)
	if err == nil {
		err = keepPrivate(path) // only now that it is not another program's file
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// openReading opens connections for reading. A database in memory belongs to its connection, so
// readers share the writer's.
func openReading(path string, writing *sql.DB) (*sql.DB, error) {
	if path == memory {
		return writing, nil
	}
	return openPool(path, readers, url.Values{"_pragma": {patience, "query_only(1)"}})
}

func openPool(path string, connections int, options url.Values) (*sql.DB, error) {
	location, err := locate(path)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", location+"?"+options.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}
