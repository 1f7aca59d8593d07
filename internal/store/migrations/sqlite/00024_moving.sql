-- Moving in from an old site: what was brought, where it was, and the pictures
-- that nobody has looked at yet. Times are UTC milliseconds.

-- +goose Up
ALTER TABLE journal_piece ADD COLUMN moved INTEGER NOT NULL DEFAULT 0 CHECK (moved IN (0, 1)); -- it comes from an old site
ALTER TABLE journal_file ADD COLUMN held INTEGER NOT NULL DEFAULT 0 CHECK (held IN (0, 1)); -- brought, and nobody has said yet who is on it

CREATE TABLE journal_move (
  id          TEXT NOT NULL PRIMARY KEY,
  school_id   TEXT NOT NULL,
  state       TEXT NOT NULL CHECK (state IN ('sent', 'reading', 'read', 'writing', 'done', 'failed')),
  export_id   TEXT, -- the export, until it was brought in or set aside
  pictures_id TEXT, -- the pictures beside it
  steps       INTEGER NOT NULL,
  total       INTEGER NOT NULL,
  report      TEXT NOT NULL, -- JSON: what was found, what is lost, what was made
  choice      TEXT NOT NULL, -- JSON: how it was to come in
  problem     TEXT NOT NULL, -- JSON: why it was refused
  by_staff    TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  changed_at  INTEGER NOT NULL
) STRICT;
CREATE INDEX journal_move_school ON journal_move (school_id, id);

CREATE TABLE journal_old (
  school_id TEXT NOT NULL,
  origin    TEXT NOT NULL, -- digest of what the old site knew the piece by
  piece_id  TEXT NOT NULL REFERENCES journal_piece (id),
  PRIMARY KEY (school_id, origin)
) STRICT;
CREATE INDEX journal_old_piece ON journal_old (piece_id);

CREATE TABLE journal_old_path (
  school_id TEXT NOT NULL,
  path      TEXT NOT NULL, -- without the host
  piece_id  TEXT NOT NULL REFERENCES journal_piece (id),
  PRIMARY KEY (school_id, path)
) STRICT;
CREATE INDEX journal_old_path_piece ON journal_old_path (piece_id);
