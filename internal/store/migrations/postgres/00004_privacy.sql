-- +goose Up
-- What a school keeps for less time than the data map says. It can only shorten.
CREATE TABLE retention_setting (
  school_id TEXT NOT NULL,
  rule      TEXT NOT NULL, -- of the data map
  days      INTEGER NOT NULL CHECK (days > 0),
  set_by    TEXT NOT NULL,
  set_at    BIGINT NOT NULL,
  PRIMARY KEY (school_id, rule)
);

CREATE TABLE retention_run (
  id           TEXT NOT NULL PRIMARY KEY,
  school_id    TEXT, -- null for what belongs to the installation
  requested_by TEXT, -- null for the nightly run
  created_at   BIGINT NOT NULL,
  done_at      BIGINT,
  counts       TEXT NOT NULL -- JSON: rule to number of rows
);
CREATE INDEX retention_run_school ON retention_run (school_id, id);
