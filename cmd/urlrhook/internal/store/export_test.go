package store

import "database/sql"

// OpenVersion makes a database as a version of urlrhook did: with that version's schema.
func OpenVersion(path string, version int) (*sql.DB, error) { return openWriting(path, version) }

// Version is the schema's current version.
var Version = len(migrations)
