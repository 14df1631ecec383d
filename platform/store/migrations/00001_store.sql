-- +goose Up
CREATE TABLE store_counters (
    name TEXT PRIMARY KEY,
    n    BIGINT NOT NULL
);
INSERT INTO store_counters (name, n) VALUES ('outbox', 0);

CREATE TABLE store_outbox (
    position BIGINT PRIMARY KEY,
    at       BIGINT NOT NULL,
    topic    TEXT NOT NULL,
    subject  TEXT NOT NULL,
    payload  TEXT NOT NULL
);
CREATE INDEX store_outbox_at ON store_outbox (at);

CREATE TABLE store_subscribers (
    name     TEXT PRIMARY KEY,
    position BIGINT NOT NULL
);

CREATE TABLE store_jobs (
    id        TEXT PRIMARY KEY,
    site      TEXT NOT NULL,
    kind      TEXT NOT NULL,
    once      TEXT NOT NULL,
    args      TEXT NOT NULL,
    state     TEXT NOT NULL,
    person    TEXT NOT NULL,
    attempts  BIGINT NOT NULL,
    limit_    BIGINT NOT NULL,
    run_at    BIGINT NOT NULL,
    lease     BIGINT NOT NULL,
    holder    TEXT NOT NULL,
    cancel    BOOLEAN NOT NULL,
    done      BIGINT NOT NULL,
    total     BIGINT NOT NULL,
    note      TEXT NOT NULL,
    error     TEXT NOT NULL,
    created   BIGINT NOT NULL,
    finished  BIGINT NOT NULL
);
CREATE INDEX store_jobs_due ON store_jobs (state, run_at);
CREATE UNIQUE INDEX store_jobs_once ON store_jobs (kind, once) WHERE once <> '' AND state IN ('queued', 'running');
