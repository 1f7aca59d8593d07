-- Assessments: packages of the bank, campaigns, sittings with their log of
-- answers, and what invigilators did. Times are UTC milliseconds.

-- +goose Up
CREATE TABLE test_package (
  id         TEXT NOT NULL PRIMARY KEY,
  school_id  TEXT NOT NULL,
  blob_id    TEXT NOT NULL, -- the QTI package, as it came
  sha256     TEXT NOT NULL,
  title      TEXT NOT NULL,
  test       TEXT NOT NULL, -- identifier of its assessmentTest
  items      INTEGER NOT NULL, -- how many questions
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX test_package_school ON test_package (school_id, id);

CREATE TABLE campaign (
  id         TEXT NOT NULL PRIMARY KEY,
  school_id  TEXT NOT NULL,
  package_id TEXT NOT NULL REFERENCES test_package (id), -- by which results are scored
  taken_id   TEXT NOT NULL REFERENCES test_package (id), -- what pupils are given
  title      TEXT NOT NULL,
  policy     TEXT NOT NULL, -- JSON
  opens_at   INTEGER NOT NULL,
  closes_at  INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX campaign_school ON campaign (school_id, opens_at);

CREATE TABLE campaign_group (
  campaign_id TEXT NOT NULL REFERENCES campaign (id),
  group_id    TEXT NOT NULL,
  school_id   TEXT NOT NULL,
  PRIMARY KEY (campaign_id, group_id)
) STRICT;
CREATE INDEX campaign_group_of ON campaign_group (group_id);

CREATE TABLE campaign_seat (
  campaign_id TEXT NOT NULL REFERENCES campaign (id),
  seat_id     TEXT NOT NULL,
  school_id   TEXT NOT NULL,
  extra       INTEGER NOT NULL, -- more time, in per cent
  helped      INTEGER NOT NULL CHECK (helped IN (0, 1)), -- a person helps; why is written nowhere
  mark        TEXT NOT NULL CHECK (mark IN ('', 'absent', 'exempt', 'redo', 'optout')),
  set_by      TEXT NOT NULL,
  set_at      INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, seat_id)
) STRICT;
CREATE INDEX campaign_seat_of ON campaign_seat (seat_id);

CREATE TABLE campaign_rescore (
  id           TEXT NOT NULL PRIMARY KEY,
  campaign_id  TEXT NOT NULL REFERENCES campaign (id),
  school_id    TEXT NOT NULL,
  from_package TEXT NOT NULL,
  to_package   TEXT NOT NULL,
  why          TEXT NOT NULL,
  set_by       TEXT NOT NULL,
  set_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX campaign_rescore_of ON campaign_rescore (campaign_id);

CREATE TABLE campaign_room (
  campaign_id TEXT NOT NULL REFERENCES campaign (id),
  group_id    TEXT NOT NULL,
  sequence    INTEGER NOT NULL,
  school_id   TEXT NOT NULL,
  status      TEXT NOT NULL CHECK (status IN ('open', 'closed')),
  set_by      TEXT NOT NULL,
  set_at      INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, group_id, sequence)
) STRICT;

CREATE TABLE sitting (
  id          TEXT NOT NULL PRIMARY KEY,
  school_id   TEXT NOT NULL,
  campaign_id TEXT NOT NULL REFERENCES campaign (id),
  seat_id     TEXT NOT NULL,
  sequence    INTEGER NOT NULL,
  seed        TEXT NOT NULL, -- 64 bits, decimal: who knows it can undo the shuffle
  status      TEXT NOT NULL CHECK (status IN ('waiting', 'running', 'paused', 'finished')),
  device      INTEGER NOT NULL,
  asking      INTEGER NOT NULL,
  stage       INTEGER NOT NULL,
  started_at  INTEGER NOT NULL,
  ends_at     INTEGER NOT NULL,
  paused_at   INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  UNIQUE (campaign_id, seat_id, sequence)
) STRICT;
CREATE INDEX sitting_of_seat ON sitting (seat_id);

CREATE TABLE sitting_answer (
  sitting_id TEXT NOT NULL REFERENCES sitting (id),
  device     INTEGER NOT NULL, -- 0 when staff keyed it
  n          INTEGER NOT NULL, -- the device's own count: the same twice is one answer
  school_id  TEXT NOT NULL,
  item       TEXT NOT NULL,
  data       TEXT NOT NULL, -- JSON, under public names
  at         INTEGER NOT NULL,
  late       INTEGER NOT NULL CHECK (late IN (0, 1)),
  PRIMARY KEY (sitting_id, device, n)
) STRICT;

CREATE TABLE sitting_event (
  id         TEXT NOT NULL PRIMARY KEY,
  sitting_id TEXT NOT NULL REFERENCES sitting (id),
  school_id  TEXT NOT NULL,
  at         INTEGER NOT NULL,
  kind       TEXT NOT NULL,
  by_staff   TEXT, -- null for the pupil or the server
  data       TEXT NOT NULL -- JSON, by kind
) STRICT;
CREATE INDEX sitting_event_of ON sitting_event (sitting_id);
