-- +goose Up
CREATE TABLE inventory_state (
    name TEXT PRIMARY KEY,
    n    BIGINT NOT NULL
);
INSERT INTO inventory_state (name, n) VALUES ('revision', 0);

CREATE TABLE inventory_devices (
    id           TEXT PRIMARY KEY,
    site         TEXT NOT NULL,
    revision     BIGINT NOT NULL,
    gone         BOOLEAN NOT NULL,
    merged       TEXT NOT NULL,
    first_seen   BIGINT NOT NULL,
    last_seen    BIGINT NOT NULL,
    category     TEXT NOT NULL,
    zone         TEXT NOT NULL,
    type         TEXT NOT NULL,
    manufacturer TEXT NOT NULL,
    model        TEXT NOT NULL,
    os           TEXT NOT NULL,
    firmware     TEXT NOT NULL,
    serial       TEXT NOT NULL,
    asset_tag    TEXT NOT NULL,
    keys         TEXT NOT NULL,
    engine       TEXT NOT NULL,
    sum          BIGINT NOT NULL,
    findings     TEXT NOT NULL,
    line         TEXT NOT NULL,
    record       TEXT NOT NULL
);
CREATE INDEX inventory_devices_revision ON inventory_devices (revision);
CREATE INDEX inventory_devices_merged ON inventory_devices (merged) WHERE merged <> '';

CREATE TABLE inventory_events (
    id     TEXT PRIMARY KEY,
    site   TEXT NOT NULL,
    device TEXT NOT NULL,
    at     BIGINT NOT NULL,
    kind   TEXT NOT NULL,
    attr   TEXT NOT NULL,
    old    TEXT NOT NULL,
    new    TEXT NOT NULL,
    person TEXT NOT NULL,
    note   TEXT NOT NULL
);
CREATE INDEX inventory_events_device ON inventory_events (device, at);
CREATE INDEX inventory_events_at ON inventory_events (at);

CREATE TABLE inventory_findings (
    id       TEXT PRIMARY KEY,
    site     TEXT NOT NULL,
    key      TEXT NOT NULL,
    kind     TEXT NOT NULL,
    title    TEXT NOT NULL,
    severity BIGINT NOT NULL,
    owner    TEXT NOT NULL,
    old      TEXT NOT NULL,
    new      TEXT NOT NULL,
    evidence TEXT NOT NULL,
    opened   BIGINT NOT NULL,
    last     BIGINT NOT NULL,
    closed   BIGINT NOT NULL,
    reason   TEXT NOT NULL,
    person   TEXT NOT NULL
);
CREATE UNIQUE INDEX inventory_findings_key ON inventory_findings (site, key);
CREATE INDEX inventory_findings_open ON inventory_findings (closed, severity, opened);

CREATE TABLE inventory_finding_devices (
    finding TEXT NOT NULL,
    device  TEXT NOT NULL,
    site    TEXT NOT NULL,
    place   BIGINT NOT NULL,
    PRIMARY KEY (finding, device)
);
CREATE INDEX inventory_finding_devices_device ON inventory_finding_devices (device);

CREATE TABLE inventory_zones (
    site  TEXT NOT NULL,
    name  TEXT NOT NULL,
    zone  TEXT NOT NULL,
    PRIMARY KEY (site, name)
);

CREATE TABLE inventory_interfaces (
    id          TEXT PRIMARY KEY,
    site        TEXT NOT NULL,
    key         TEXT NOT NULL,
    protocol    TEXT NOT NULL,
    from_device TEXT NOT NULL,
    from_addr   TEXT NOT NULL,
    to_device   TEXT NOT NULL,
    to_addr     TEXT NOT NULL,
    port        BIGINT NOT NULL,
    secured     TEXT NOT NULL,
    what        TEXT NOT NULL,
    names       TEXT NOT NULL,
    messages    BIGINT NOT NULL,
    bytes       BIGINT NOT NULL,
    patient     BOOLEAN NOT NULL,
    first_seen  BIGINT NOT NULL,
    last_seen   BIGINT NOT NULL
);
CREATE UNIQUE INDEX inventory_interfaces_key ON inventory_interfaces (site, key);

CREATE TABLE inventory_sensors (
    site    TEXT NOT NULL,
    name    TEXT NOT NULL,
    updated BIGINT NOT NULL,
    sensor  TEXT NOT NULL,
    PRIMARY KEY (site, name)
);

CREATE TABLE inventory_coverage (
    site    TEXT NOT NULL,
    sensor  TEXT NOT NULL,
    at      BIGINT NOT NULL,
    subnets TEXT NOT NULL,
    PRIMARY KEY (site, sensor)
);

CREATE TABLE inventory_guests (
    site    TEXT NOT NULL,
    day     BIGINT NOT NULL,
    zone    TEXT NOT NULL,
    devices BIGINT NOT NULL,
    PRIMARY KEY (site, day, zone)
);
