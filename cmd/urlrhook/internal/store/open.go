package store

import (
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	_ "modernc.org/sqlite" // the driver "sqlite"
)

const (
	memory  = ":memory:"
	readers = 4 // connections; more do not help a few pages and commands
)

// Open opens the database in a file, which is made with mode 0600 if it is not there, or in memory if path is ":memory:". It keeps the
// last keep deliveries, and drops older ones.
//
// They are dropped when others are added, so that opening a file just to read it drops nothing.
//
// The database has a write-ahead log with synchronous=FULL: a commit waits until the log is on the disk, so that neither SIGKILL nor, if
// the disk keeps its word, a power loss takes it back. That is affordable because many writes share a commit.
func Open(path string, keep int) (*Store, error) { return openAt(path, keep, len(migrations)) }

// openAt opens a database with the schema of a version, so that tests can make files as earlier versions did.
func openAt(path string, keep, version int) (*Store, error) {
	if keep <= 0 {
		return nil, fmt.Errorf("open the database: it can't keep %d deliveries, but 1 or more", keep)
	}
	s, err := connect(path, keep, version)
	if err != nil {
		return nil, fmt.Errorf("open the database %s: %w", path, explain(err))
	}
	return s, nil
}

func connect(path string, keep, version int) (*Store, error) {
	location, err := prepare(path)
	if err != nil {
		return nil, err
	}
	db, err := openWriting(location, version)
	if err != nil {
		return nil, err
	}
	read := db // A database in memory belongs to its connection, so all share that one.
	if path != memory {
		if read, err = openReading(location); err != nil {
			return nil, errors.Join(err, db.Close())
		}
	}
	s := &Store{read: read}
	s.writer, err = newWriter(db, int64(keep), s.notify)
	if err != nil {
		return nil, errors.Join(err, read.Close(), db.Close())
	}
	return s, nil
}

// prepare makes the file, since SQLite would make it readable for others, and returns its address for the driver.
func prepare(path string) (location string, err error) {
	if path == memory {
		return memory, nil
	}
	if path, err = filepath.Abs(path); err != nil {
		return "", err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return "", err
	}
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600) //nolint:gosec // the path is the user's choice
	if err != nil {
		return "", err
	}
	if err := errors.Join(file.Close(), keepPrivate(path)); err != nil {
		return "", err
	}
	path = "/" + strings.TrimPrefix(filepath.ToSlash(path), "/") // C:\x is /C:/x in a URL
	return (&url.URL{Scheme: "file", Path: path}).String(), nil
}

// keepPrivate takes a file that was there before from other users' eyes. SQLite gives its mode to the log's files when it makes them.
func keepPrivate(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Chmod(path+suffix, 0o600); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

func openWriting(location string, version int) (*sql.DB, error) {
	db, err := openPool(location, 1, url.Values{
		"_txlock": {"immediate"}, // Waiting for the lock at BEGIN is possible, later it is not.
		"_pragma": {"busy_timeout(10000)", "synchronous(FULL)"},
	})
	if err != nil {
		return nil, err
	}
	if err := migrate(db, version); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}

func openReading(location string) (*sql.DB, error) {
	return openPool(location, readers, url.Values{"_pragma": {"busy_timeout(10000)", "query_only(1)"}})
}

func openPool(location string, connections int, options url.Values) (*sql.DB, error) {
	db, err := sql.Open("sqlite", location+"?"+options.Encode())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(connections)
	db.SetMaxIdleConns(connections)
	return db, nil
}
