-- Questions written in the house, their versions, the pictures and sounds they
-- show, and the tests put together from them. Times are UTC milliseconds.

-- +goose Up
CREATE TABLE question (
  id         TEXT NOT NULL PRIMARY KEY,
  school_id  TEXT NOT NULL,
  kind       TEXT NOT NULL, -- of its newest version, as are title, skill and points
  title      TEXT NOT NULL,
  skill      TEXT NOT NULL,
  points     INTEGER NOT NULL, -- hundredths
  version    INTEGER NOT NULL, -- the newest
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX question_school ON question (school_id, id);

-- A version that a test has is never changed.
CREATE TABLE question_version (
  question_id TEXT NOT NULL REFERENCES question (id),
  version     INTEGER NOT NULL,
  school_id   TEXT NOT NULL,
  draft       TEXT NOT NULL, -- JSON
  saved_by    TEXT NOT NULL,
  saved_at    INTEGER NOT NULL,
  PRIMARY KEY (question_id, version)
) STRICT;

CREATE TABLE question_file (
  id         TEXT NOT NULL PRIMARY KEY,
  school_id  TEXT NOT NULL,
  blob_id    TEXT NOT NULL,
  media_type TEXT NOT NULL,
  width      INTEGER NOT NULL, -- pixels; 0 for a sound
  height     INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX question_file_school ON question_file (school_id, id);

-- Which versions show a file: one that none does goes.
CREATE TABLE question_shows (
  question_id TEXT NOT NULL REFERENCES question (id),
  version     INTEGER NOT NULL,
  file_id     TEXT NOT NULL REFERENCES question_file (id),
  school_id   TEXT NOT NULL,
  PRIMARY KEY (question_id, version, file_id)
) STRICT;
CREATE INDEX question_shows_file ON question_shows (file_id);

CREATE TABLE test_plan (
  package_id TEXT NOT NULL PRIMARY KEY REFERENCES test_package (id),
  school_id  TEXT NOT NULL,
  plan       TEXT NOT NULL -- JSON
) STRICT;

CREATE TABLE test_question (
  package_id  TEXT NOT NULL REFERENCES test_package (id),
  question_id TEXT NOT NULL REFERENCES question (id),
  version     INTEGER NOT NULL,
  school_id   TEXT NOT NULL,
  PRIMARY KEY (package_id, question_id)
) STRICT;
CREATE INDEX test_question_version ON test_question (question_id, version);
