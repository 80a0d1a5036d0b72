package store

import "database/sql"

// OpenVersion creates a database with the schema of a version of urlrhook.
func OpenVersion(path string, version int) (*sql.DB, error) { return openWriting(path, version) }

// Version is the current version of the schema.
var Version = len(migrations)
