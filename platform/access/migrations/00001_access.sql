-- +goose Up
CREATE TABLE access_people (
    id       TEXT PRIMARY KEY,
    site     TEXT NOT NULL,
    login    TEXT NOT NULL UNIQUE,
    name     TEXT NOT NULL,
    roles    TEXT NOT NULL,
    password TEXT NOT NULL,
    disabled BOOLEAN NOT NULL,
    created  BIGINT NOT NULL
);

CREATE TABLE access_sessions (
    hash    TEXT PRIMARY KEY,
    person  TEXT NOT NULL REFERENCES access_people (id),
    created BIGINT NOT NULL,
    used    BIGINT NOT NULL
);
CREATE INDEX access_sessions_person ON access_sessions (person);

CREATE TABLE access_links (
    hash    TEXT PRIMARY KEY,
    person  TEXT NOT NULL REFERENCES access_people (id),
    expires BIGINT NOT NULL
);

CREATE TABLE access_tokens (
    hash    TEXT PRIMARY KEY,
    person  TEXT NOT NULL REFERENCES access_people (id),
    name    TEXT NOT NULL,
    scopes  TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    used    BIGINT NOT NULL
);
