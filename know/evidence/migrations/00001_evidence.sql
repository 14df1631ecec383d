-- +goose Up
CREATE TABLE evidence_fields (
    id       INTEGER PRIMARY KEY,
    protocol TEXT NOT NULL,
    name     TEXT NOT NULL,
    proves   TEXT NOT NULL,
    trust    BIGINT NOT NULL,
    personal BOOLEAN NOT NULL,
    place    BOOLEAN NOT NULL
);

CREATE TABLE evidence_sightings (
    key      INTEGER PRIMARY KEY,
    site     TEXT NOT NULL,
    sensor   TEXT NOT NULL,
    mac      TEXT NOT NULL,
    ip       TEXT NOT NULL,
    vlan     BIGINT NOT NULL,
    part     TEXT NOT NULL,
    peer_mac TEXT NOT NULL,
    peer_ip  TEXT NOT NULL,
    field    BIGINT NOT NULL,
    value    TEXT NOT NULL,
    finding  TEXT NOT NULL,
    first    BIGINT NOT NULL,
    last     BIGINT NOT NULL,
    count    BIGINT NOT NULL,
    source   BIGINT NOT NULL,
    frame    BIGINT NOT NULL
);

CREATE TABLE evidence_bindings (
    key    INTEGER PRIMARY KEY,
    site   TEXT NOT NULL,
    sensor TEXT NOT NULL,
    mac    TEXT NOT NULL,
    ip     TEXT NOT NULL,
    vlan   BIGINT NOT NULL,
    how    TEXT NOT NULL,
    first  BIGINT NOT NULL,
    last   BIGINT NOT NULL,
    count  BIGINT NOT NULL,
    source BIGINT NOT NULL,
    frame  BIGINT NOT NULL
);
CREATE INDEX evidence_bindings_mac ON evidence_bindings (mac);

CREATE TABLE evidence_stations (
    key     INTEGER PRIMARY KEY,
    site    TEXT NOT NULL,
    sensor  TEXT NOT NULL,
    mac     TEXT NOT NULL,
    ip      TEXT NOT NULL,
    vlan    BIGINT NOT NULL,
    hops    BIGINT NOT NULL,
    packets BIGINT NOT NULL,
    bytes   BIGINT NOT NULL,
    first   BIGINT NOT NULL,
    last    BIGINT NOT NULL,
    source  BIGINT NOT NULL,
    frame   BIGINT NOT NULL
);
CREATE INDEX evidence_stations_mac ON evidence_stations (mac);

CREATE TABLE evidence_flows (
    key         INTEGER PRIMARY KEY,
    site        TEXT NOT NULL,
    sensor      TEXT NOT NULL,
    hour        BIGINT NOT NULL,
    from_mac    TEXT NOT NULL,
    from_addr   TEXT NOT NULL,
    to_mac      TEXT NOT NULL,
    to_addr     TEXT NOT NULL,
    vlan        BIGINT NOT NULL,
    transport   BIGINT NOT NULL,
    port        BIGINT NOT NULL,
    protocol    TEXT NOT NULL,
    packets     BIGINT NOT NULL,
    bytes       BIGINT NOT NULL,
    packets_out BIGINT NOT NULL,
    bytes_out   BIGINT NOT NULL,
    first       BIGINT NOT NULL,
    last        BIGINT NOT NULL,
    answered    BOOLEAN NOT NULL,
    source      BIGINT NOT NULL,
    frame       BIGINT NOT NULL
);
CREATE INDEX evidence_flows_hour ON evidence_flows (hour);
CREATE INDEX evidence_flows_from ON evidence_flows (from_addr, hour);
CREATE INDEX evidence_flows_to ON evidence_flows (to_addr, hour);

CREATE TABLE evidence_exchanges (
    key      INTEGER PRIMARY KEY,
    site     TEXT NOT NULL,
    sensor   TEXT NOT NULL,
    first    BIGINT NOT NULL,
    last     BIGINT NOT NULL,
    exchange TEXT NOT NULL
);
