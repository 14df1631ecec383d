-- +goose Up
CREATE TABLE backup_rehearsals (
    id      TEXT PRIMARY KEY,
    site    TEXT NOT NULL,
    at      BIGINT NOT NULL,
    good    BOOLEAN NOT NULL,
    file    TEXT NOT NULL,
    report  TEXT NOT NULL
);
CREATE INDEX backup_rehearsals_at ON backup_rehearsals (good, at);

CREATE TABLE backup_identities (
    kind     TEXT PRIMARY KEY,
    public   TEXT NOT NULL,
    identity BLOB NOT NULL
);
