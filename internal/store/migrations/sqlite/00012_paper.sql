-- Paper and aloud: cells keyed twice, readings against the clock, rubrics and
-- the markings by them. Times are UTC milliseconds.

-- +goose Up
CREATE TABLE paper_check (
  campaign_id TEXT NOT NULL REFERENCES campaign (id),
  group_id    TEXT NOT NULL,
  sequence    INTEGER NOT NULL,
  school_id   TEXT NOT NULL,
  seed        TEXT NOT NULL, -- hexadecimal: the draw can be done again from it
  share       INTEGER NOT NULL, -- per cent of the seats
  drawn_by    TEXT NOT NULL,
  drawn_at    INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, group_id, sequence)
) STRICT;

CREATE TABLE paper_drawn (
  campaign_id TEXT NOT NULL REFERENCES campaign (id),
  group_id    TEXT NOT NULL,
  sequence    INTEGER NOT NULL,
  seat_id     TEXT NOT NULL,
  school_id   TEXT NOT NULL,
  PRIMARY KEY (campaign_id, group_id, sequence, seat_id)
) STRICT;
CREATE INDEX paper_drawn_of ON paper_drawn (seat_id);

CREATE TABLE paper_second (
  campaign_id TEXT NOT NULL REFERENCES campaign (id),
  sequence    INTEGER NOT NULL,
  seat_id     TEXT NOT NULL,
  question    TEXT NOT NULL, -- the test's key
  school_id   TEXT NOT NULL,
  code        TEXT NOT NULL CHECK (code IN ('0', '1', '9')),
  keyed_by    TEXT NOT NULL,
  keyed_at    INTEGER NOT NULL,
  first_code  TEXT NOT NULL, -- what the grid held then, empty for nothing
  decided     TEXT NOT NULL, -- a code, empty before
  decided_by  TEXT,
  decided_at  INTEGER,
  PRIMARY KEY (campaign_id, sequence, seat_id, question)
) STRICT;
CREATE INDEX paper_second_of ON paper_second (seat_id);

CREATE TABLE aloud_state (
  campaign_id TEXT NOT NULL REFERENCES campaign (id),
  seat_id     TEXT NOT NULL,
  school_id   TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('', 'absent', 'exempt', 'redo')),
  set_by      TEXT NOT NULL,
  set_at      INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, seat_id)
) STRICT;
CREATE INDEX aloud_state_of ON aloud_state (seat_id);

CREATE TABLE aloud_reading (
  id          TEXT NOT NULL PRIMARY KEY, -- made by the adult's browser
  campaign_id TEXT NOT NULL REFERENCES campaign (id),
  seat_id     TEXT NOT NULL,
  school_id   TEXT NOT NULL,
  begun_by    TEXT NOT NULL,
  begun_at    INTEGER NOT NULL
) STRICT;
CREATE INDEX aloud_reading_of ON aloud_reading (campaign_id, seat_id);
CREATE INDEX aloud_reading_seat ON aloud_reading (seat_id);

CREATE TABLE aloud_save (
  reading_id TEXT NOT NULL REFERENCES aloud_reading (id),
  n          INTEGER NOT NULL, -- the browser's own count: the same twice is one
  school_id  TEXT NOT NULL,
  data       TEXT NOT NULL, -- JSON: the whole reading as it stood
  at         INTEGER NOT NULL,
  PRIMARY KEY (reading_id, n)
) STRICT;

CREATE TABLE rubric (
  campaign_id TEXT NOT NULL REFERENCES campaign (id),
  question    TEXT NOT NULL, -- the test's key
  school_id   TEXT NOT NULL,
  criteria    TEXT NOT NULL, -- JSON
  twice       INTEGER NOT NULL CHECK (twice IN (0, 1)), -- two adults mark, each blind of the other
  set_by      TEXT NOT NULL,
  set_at      INTEGER NOT NULL,
  PRIMARY KEY (campaign_id, question)
) STRICT;

CREATE TABLE marking (
  id          TEXT NOT NULL PRIMARY KEY,
  campaign_id TEXT NOT NULL REFERENCES campaign (id),
  question    TEXT NOT NULL,
  seat_id     TEXT NOT NULL,
  school_id   TEXT NOT NULL,
  turn        INTEGER NOT NULL CHECK (turn IN (1, 2, 3)), -- first, second, who decides
  n           INTEGER NOT NULL, -- the last of a turn counts
  levels      TEXT NOT NULL, -- JSON: the level of each criterion
  marked_by   TEXT NOT NULL,
  marked_at   INTEGER NOT NULL,
  UNIQUE (campaign_id, question, seat_id, turn, n)
) STRICT;
CREATE INDEX marking_seat ON marking (seat_id);
