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
	readers = 4 // connections; more do not help a few pages and commands

	// How long a statement waits for another process. SQLite has no queue for it: beside a listener at
	// its limit it may be unlucky for seconds.
	patience = "busy_timeout(30000)"
)

// Open opens the database in a file, which is made with mode 0600 if it is not there, or in memory
// if path is ":memory:". It keeps the last keep deliveries, and drops older ones.
//
// They are dropped when others are added, so that opening a file just to read it drops nothing.
//
// The database has a write-ahead log with synchronous=FULL: a commit waits until the log is on the
// disk, so that neither SIGKILL nor, if the disk keeps its word, a power loss takes it back. That
// is affordable because many writes share a commit.
func Open(path string, keep int) (*Store, error) {
	if keep <= 0 {
		return nil, fmt.Errorf("open the database: it can't keep %d deliveries, but 1 or more", keep)
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

// openWriting opens a database with the schema of a version. It makes what is missing.
func openWriting(path string, version int) (*sql.DB, error) {
	if err := makeFile(path); err != nil {
		return nil, err
	}
	db, err := openPool(path, 1, url.Values{
		"_txlock": {"immediate"}, // Waiting for the lock at BEGIN is possible, later it is not.
		"_pragma": {patience, "synchronous(FULL)"},
	})
	if err != nil {
		return nil, err
	}
	err = migrate(db, version)
	if err == nil {
		err = keepPrivate(path) // only now, since it is not a file of another program
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

// openReading opens connections beside the writer's. A database in memory belongs to its
// connection, so all share that one.
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
