package store

import (
	"errors"
	"fmt"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// advice says what to do about an SQLite error.
var advice = map[int]string{
	sqlite3.SQLITE_NOTADB:   "it is not a database or is damaged: move it away, or choose another file",
	sqlite3.SQLITE_CANTOPEN: "it can't be opened: check that it is a file of yours, or choose another one",
	sqlite3.SQLITE_CORRUPT:  "it is damaged: move it away, or choose another file",
	sqlite3.SQLITE_BUSY:     "another process has locked it: stop that one, or try again",
	sqlite3.SQLITE_FULL:     "the disk is full: make room, or choose a file elsewhere",
	sqlite3.SQLITE_IOERR:    "the disk can't be read or written: it may be full",
	sqlite3.SQLITE_READONLY: "it can't be written: change its permissions, or choose another file",
}

// explain adds advice to an error, if there is any.
func explain(err error) error {
	text, ok := advice[code(err)]
	if !ok {
		return err
	}
	return fmt.Errorf("%s (%w)", text, err)
}

// needsRoom reports whether SQLite could not create or extend a file.
func needsRoom(err error) bool {
	switch code(err) {
	case sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
		return true
	default:
		return false
	}
}

func isBusy(err error) bool { return code(err) == sqlite3.SQLITE_BUSY }

// code returns the SQLite code of an error, or 0.
func code(err error) int {
	const primary = 0xff // the other bits are details
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return e.Code() & primary
	}
	return 0
}
