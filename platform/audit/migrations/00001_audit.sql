-- +goose Up
CREATE TABLE audit_leaves (
    position BIGINT PRIMARY KEY,
    at       BIGINT NOT NULL,
    site     TEXT NOT NULL,
    actor    TEXT NOT NULL,
    action   TEXT NOT NULL,
    object   TEXT NOT NULL,
    leaf     TEXT NOT NULL
);
CREATE INDEX audit_leaves_actor ON audit_leaves (actor, position);
CREATE INDEX audit_leaves_object ON audit_leaves (object, position);

CREATE TABLE audit_hashes (
    position BIGINT PRIMARY KEY,
    hash     BLOB NOT NULL
);

CREATE TABLE audit_head (
    id   BIGINT PRIMARY KEY,
    size BIGINT NOT NULL
);
INSERT INTO audit_head (id, size) VALUES (1, 0);
