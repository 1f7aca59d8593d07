-- Lessons: what is planned, who came under which of the lesson's own ids, and
-- the log of what happened. Times are UTC milliseconds.

-- +goose Up
CREATE TABLE lesson (
  id             TEXT NOT NULL PRIMARY KEY,
  school_id      TEXT NOT NULL,
  group_id       TEXT, -- null for an open lesson
  title          TEXT NOT NULL,
  created_by     TEXT NOT NULL,
  created_at     INTEGER NOT NULL,
  starts_at      INTEGER NOT NULL,
  minutes        INTEGER NOT NULL,
  series_id      TEXT, -- the same for the repetitions of one plan
  preset         TEXT NOT NULL, -- with which it opens
  guests_version INTEGER NOT NULL, -- counts the guests' links that were made
  guests_hash    BLOB UNIQUE, -- SHA-256 of the link's secret; null while it is closed
  opened_at      INTEGER,
  ended_at       INTEGER,
  cancelled_at   INTEGER,
  epoch          INTEGER NOT NULL, -- who owns the open lesson: an append says it
  next_n         INTEGER NOT NULL -- number of the next event: an append says it too
) STRICT;
CREATE INDEX lesson_school ON lesson (school_id, starts_at);
CREATE INDEX lesson_group ON lesson (group_id, starts_at);
CREATE INDEX lesson_series ON lesson (series_id);

CREATE TABLE lesson_person (
  lesson_id TEXT NOT NULL REFERENCES lesson (id),
  id        TEXT NOT NULL, -- p1, p2…: means nothing outside the lesson
  school_id TEXT NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('staff', 'seat', 'guest')),
  seat_id   TEXT,
  staff_id  TEXT,
  guest_id  TEXT,
  PRIMARY KEY (lesson_id, id)
) STRICT;
CREATE UNIQUE INDEX lesson_person_seat ON lesson_person (lesson_id, seat_id);
CREATE UNIQUE INDEX lesson_person_staff ON lesson_person (lesson_id, staff_id);
CREATE UNIQUE INDEX lesson_person_guest ON lesson_person (lesson_id, guest_id);
CREATE INDEX lesson_person_of_seat ON lesson_person (seat_id);
CREATE INDEX lesson_person_of_staff ON lesson_person (staff_id);

CREATE TABLE lesson_event (
  lesson_id TEXT NOT NULL REFERENCES lesson (id),
  n         INTEGER NOT NULL,
  school_id TEXT NOT NULL,
  epoch     INTEGER NOT NULL,
  at        INTEGER NOT NULL,
  kind      TEXT NOT NULL,
  by_person TEXT, -- null for the server
  data      TEXT NOT NULL, -- JSON, by kind
  PRIMARY KEY (lesson_id, n)
) STRICT;

CREATE TABLE lesson_guest (
  id         TEXT NOT NULL PRIMARY KEY,
  lesson_id  TEXT NOT NULL REFERENCES lesson (id),
  school_id  TEXT NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  label      TEXT NOT NULL, -- what the guest wrote of themselves
  status     TEXT NOT NULL CHECK (status IN ('waiting', 'in', 'out')),
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX lesson_guest_lesson ON lesson_guest (lesson_id);

CREATE TABLE lesson_report (
  id         TEXT NOT NULL PRIMARY KEY,
  school_id  TEXT NOT NULL,
  lesson_id  TEXT NOT NULL, -- may be gone: a report has its own retention
  title      TEXT NOT NULL, -- of the lesson
  sealed     BLOB NOT NULL, -- age, made by the adult's browser
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX lesson_report_school ON lesson_report (school_id, id);

CREATE TABLE lesson_setting (
  school_id TEXT NOT NULL PRIMARY KEY,
  preset    TEXT NOT NULL,
  guests    INTEGER NOT NULL CHECK (guests IN (0, 1)), -- guests' links may be made
  set_by    TEXT NOT NULL,
  set_at    INTEGER NOT NULL
) STRICT;

CREATE TABLE lesson_calendar (
  staff_id   TEXT NOT NULL,
  school_id  TEXT NOT NULL,
  token_hash BLOB NOT NULL UNIQUE,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (staff_id, school_id)
) STRICT;
