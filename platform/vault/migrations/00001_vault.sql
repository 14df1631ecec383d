-- +goose Up
CREATE TABLE vault_sites (
    id      TEXT PRIMARY KEY,
    kind    TEXT NOT NULL,
    salt    BLOB NOT NULL,
    memory  BIGINT NOT NULL,
    passes  BIGINT NOT NULL,
    threads BIGINT NOT NULL,
    state   TEXT NOT NULL,
    keys    BIGINT NOT NULL,
    created BIGINT NOT NULL,
    ended   BIGINT NOT NULL
);
CREATE UNIQUE INDEX vault_sites_active ON vault_sites (state) WHERE state = 'active';

CREATE TABLE vault_keys (
    id      TEXT NOT NULL,
    version BIGINT NOT NULL,
    name    TEXT NOT NULL,
    site    TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    state   TEXT NOT NULL,
    created BIGINT NOT NULL,
    ended   BIGINT NOT NULL,
    PRIMARY KEY (id, version)
);
CREATE UNIQUE INDEX vault_keys_name ON vault_keys (name, version);
CREATE INDEX vault_keys_site ON vault_keys (site);
