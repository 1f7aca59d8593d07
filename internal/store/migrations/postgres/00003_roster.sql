-- +goose Up
CREATE TABLE year (
  id         TEXT NOT NULL PRIMARY KEY,
  school_id  TEXT NOT NULL,
  label      TEXT NOT NULL,
  starts_on  TEXT NOT NULL, -- 2026-09-01
  ends_on    TEXT NOT NULL,
  closed_at  BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX year_school ON year (school_id, starts_on);

CREATE TABLE roster_group (
  id              TEXT NOT NULL PRIMARY KEY,
  school_id       TEXT NOT NULL,
  year_id         TEXT NOT NULL REFERENCES year (id),
  name            TEXT NOT NULL,
  kind            TEXT NOT NULL CHECK (kind IN ('class', 'group')),
  level           TEXT,
  code            TEXT NOT NULL UNIQUE, -- the group's part of the typed codes of its seats
  door_open_until BIGINT,
  created_at      BIGINT NOT NULL,
  archived_at     BIGINT
);
CREATE INDEX roster_group_year ON roster_group (school_id, year_id);

CREATE TABLE seat (
  id             TEXT NOT NULL PRIMARY KEY,
  school_id      TEXT NOT NULL,
  year_id        TEXT NOT NULL REFERENCES year (id),
  number         INTEGER NOT NULL,
  pseudonym      TEXT NOT NULL,
  picture        TEXT NOT NULL,
  level          TEXT,
  auth_hash      BYTEA UNIQUE, -- SHA-256 of auth; null once erased
  code_hash      BYTEA,        -- HMAC-SHA256 of the seat's part of the typed code; null once erased
  secret_version INTEGER NOT NULL,
  created_at     BIGINT NOT NULL,
  left_at        BIGINT,
  erased_at      BIGINT,
  UNIQUE (school_id, year_id, number),
  UNIQUE (school_id, year_id, code_hash)
);
CREATE INDEX seat_year ON seat (year_id);
-- An erased seat has an empty pseudonym.
CREATE UNIQUE INDEX seat_pseudonym ON seat (school_id, year_id, pseudonym) WHERE erased_at IS NULL;

CREATE TABLE seat_group (
  seat_id   TEXT NOT NULL REFERENCES seat (id),
  group_id  TEXT NOT NULL REFERENCES roster_group (id),
  school_id TEXT NOT NULL,
  PRIMARY KEY (seat_id, group_id)
);
CREATE INDEX seat_group_group ON seat_group (group_id, seat_id);

CREATE TABLE roster_import (
  id         TEXT NOT NULL PRIMARY KEY,
  school_id  TEXT NOT NULL,
  year_id    TEXT NOT NULL REFERENCES year (id),
  digest     BYTEA NOT NULL, -- SHA-256 of what was imported: the same id with other content is refused
  created_by TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX roster_import_school ON roster_import (school_id);

CREATE TABLE seat_session (
  id            TEXT NOT NULL PRIMARY KEY,
  token_hash    BYTEA NOT NULL UNIQUE,
  seat_id       TEXT NOT NULL REFERENCES seat (id),
  school_id     TEXT NOT NULL,
  own_device    INTEGER NOT NULL CHECK (own_device IN (0, 1)),
  status        TEXT NOT NULL CHECK (status IN ('in', 'waiting', 'ended')),
  via           TEXT NOT NULL CHECK (via IN ('link', 'code')),
  recipient     TEXT,
  recipient_mac BYTEA,
  device        TEXT NOT NULL, -- phone, tablet or computer
  created_at    BIGINT NOT NULL,
  last_seen_at  BIGINT NOT NULL, -- to a few minutes; the server's memory knows better
  ended_at      BIGINT,
  end_reason    TEXT,
  answered_by   TEXT
);
CREATE INDEX seat_session_seat ON seat_session (seat_id, status);
CREATE INDEX seat_session_created ON seat_session (created_at);

CREATE TABLE first_names (
  session_id TEXT NOT NULL REFERENCES seat_session (id),
  group_id   TEXT NOT NULL REFERENCES roster_group (id),
  school_id  TEXT NOT NULL,
  sealed     BYTEA NOT NULL, -- age, to the session's own recipient
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (session_id, group_id)
);
CREATE INDEX first_names_group ON first_names (group_id);

CREATE TABLE staff_key (
  staff_id   TEXT NOT NULL PRIMARY KEY,
  recipient  TEXT NOT NULL, -- age X25519
  sign_pub   BYTEA NOT NULL, -- Ed25519
  sealed     BYTEA NOT NULL, -- age, to the person's phrase
  created_at BIGINT NOT NULL
);

CREATE TABLE names_key (
  id         TEXT NOT NULL PRIMARY KEY,
  school_id  TEXT NOT NULL,
  recipient  TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  retired_at BIGINT
);
CREATE UNIQUE INDEX names_key_current ON names_key (school_id) WHERE retired_at IS NULL;

CREATE TABLE names_member (
  id          TEXT NOT NULL PRIMARY KEY,
  key_id      TEXT NOT NULL REFERENCES names_key (id),
  school_id   TEXT NOT NULL,
  staff_id    TEXT, -- null for the recovery sheet
  recipient   TEXT NOT NULL,
  sign_pub    BYTEA,
  wrapped     BYTEA, -- age, to recipient; null once revoked
  endorsed_by TEXT,
  endorsement BYTEA,
  until       BIGINT,
  created_at  BIGINT NOT NULL,
  revoked_at  BIGINT
);
CREATE UNIQUE INDEX names_member_staff ON names_member (key_id, staff_id) WHERE revoked_at IS NULL;
CREATE INDEX names_member_school ON names_member (school_id);

CREATE TABLE name_record (
  school_id  TEXT NOT NULL,
  seat_id    TEXT NOT NULL REFERENCES seat (id),
  version    INTEGER NOT NULL,
  key_id     TEXT NOT NULL REFERENCES names_key (id),
  ciphertext BYTEA NOT NULL, -- age, to the names key
  signer_id  TEXT NOT NULL,
  signature  BYTEA NOT NULL, -- Ed25519
  created_at BIGINT NOT NULL,
  PRIMARY KEY (seat_id, version)
);
CREATE INDEX name_record_school ON name_record (school_id, seat_id);
