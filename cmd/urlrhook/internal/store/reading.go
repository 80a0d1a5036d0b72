package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
)

// errReadOnly is the error for a write to a Store from [OpenToRead].
var errReadOnly = errors.New("the database was opened only for reading")

// OpenToRead opens an existing database and writes nothing to it, so that it works on a full disk
// too. Writes fail. Only an upgrade of an older database needs room.
func OpenToRead(path string) (*Store, error) {
	s, err := openToRead(path)
	if err != nil {
		return nil, fmt.Errorf("open the database %s: %w", path, explain(err))
	}
	return s, nil
}

func openToRead(path string) (*Store, error) {
	path, err := resolve(path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(path); err != nil { // SQLite would create it
		return nil, err
	}
	s, isOld, err := openShared(path)
	if err != nil && needsRoom(err) {
		s, isOld, err = openAlone(path)
	}
	if err == nil && isOld {
		err = errors.Join(s.Close(), update(path))
		if err == nil {
			s, _, err = openShared(path)
		}
	}
	return s, err
}

// openShared reads beside other processes. If the file that they share is missing, SQLite creates
// it.
func openShared(path string) (s *Store, isOld bool, err error) {
	return openPoolToRead(path, readers, url.Values{"_pragma": {patience, "query_only(1)"}})
}

// openAlone needs no such file. It works only if no other process has the database open, but
// another process would have created the file.
func openAlone(path string) (s *Store, isOld bool, err error) {
	return openPoolToRead(path, 1, url.Values{"_pragma": {patience, "query_only(1)", "locking_mode(EXCLUSIVE)"}})
}

func openPoolToRead(path string, connections int, options url.Values) (s *Store, isOld bool, err error) {
	db, err := openPool(path, connections, options)
	if err != nil {
		return nil, false, err
	}
	at, err := version(db, len(migrations))
	if err == nil && at > 0 && at == len(migrations) {
		var n int
		const query = "SELECT count(*) FROM (SELECT 1 FROM deliveries LIMIT 1)"
		err = db.QueryRowContext(context.Background(), query).Scan(&n)
	}
	if err != nil {
		return nil, false, errors.Join(err, db.Close())
	}
	return &Store{read: db}, at < len(migrations), nil
}

// update upgrades a database to the current version.
func update(path string) error {
	db, err := openWriting(path, len(migrations))
	if err != nil {
		return err
	}
	return db.Close()
}
