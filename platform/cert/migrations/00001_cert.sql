-- +goose Up
CREATE TABLE cert_authorities (
    id         TEXT PRIMARY KEY,
    site       TEXT NOT NULL,
    name       TEXT NOT NULL,
    state      TEXT NOT NULL,
    ski        TEXT NOT NULL,
    key        BLOB NOT NULL,
    chain      BLOB NOT NULL,
    root_crl   BLOB NOT NULL,
    crl        BLOB NOT NULL,
    crl_number BIGINT NOT NULL,
    crl_made   BIGINT NOT NULL,
    created    BIGINT NOT NULL
);

CREATE TABLE cert_issued (
    serial     TEXT PRIMARY KEY,
    authority  TEXT NOT NULL REFERENCES cert_authorities (id),
    site       TEXT NOT NULL,
    device     TEXT NOT NULL,
    how        TEXT NOT NULL,
    cert       BLOB NOT NULL,
    not_before BIGINT NOT NULL,
    not_after  BIGINT NOT NULL,
    created    BIGINT NOT NULL,
    revoked    BIGINT NOT NULL,
    reason     BIGINT NOT NULL
);
CREATE INDEX cert_issued_device ON cert_issued (device, not_after);
CREATE INDEX cert_issued_revoked ON cert_issued (authority, revoked);

CREATE TABLE cert_passwords (
    hash    TEXT PRIMARY KEY,
    site    TEXT NOT NULL,
    device  TEXT NOT NULL,
    created BIGINT NOT NULL,
    expires BIGINT NOT NULL,
    used    BIGINT NOT NULL
);
CREATE INDEX cert_passwords_device ON cert_passwords (device);

CREATE TABLE cert_anchors (
    id      TEXT PRIMARY KEY,
    site    TEXT NOT NULL,
    name    TEXT NOT NULL,
    scope   TEXT NOT NULL,
    subject TEXT NOT NULL,
    cert    BLOB NOT NULL,
    created BIGINT NOT NULL
);
