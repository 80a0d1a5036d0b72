package store

// OpenAt opens a database with the schema of a version, as that version made it.
var OpenAt = openAt

// Versions is the current version.
var Versions = len(migrations)
