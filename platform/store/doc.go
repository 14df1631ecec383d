// Package store opens the database, SQLite or PostgreSQL, and is all that the rest of Wardkeeper
// knows of it: migrate, read, transact, back up; the job runner and the outbox.
//
// It knows no stage's table by name. Each stage exports its Migrations and keeps its SQL to itself.
// One SQL text serves both engines: parameters are written `?`, times are BIGINT microseconds UTC,
// structured values are JSON in TEXT, bytes are BLOB, flags are BOOLEAN, ids are made in Go. In
// migrations TEXT becomes TEXT COLLATE "C", BLOB becomes BYTEA and INTEGER PRIMARY KEY becomes BIGINT
// PRIMARY KEY for PostgreSQL, so that both
// engines sort and compare alike.
//
// Tables it owns: store_counters, store_outbox, store_jobs.
package store
