-- Campaigns that come as a file: the publishers whose key a school has accepted,
-- and the files, sealed until their opening. Times are UTC milliseconds.

-- +goose Up
CREATE TABLE campaign_publisher (
  id          TEXT NOT NULL PRIMARY KEY,
  school_id   TEXT NOT NULL,
  name        TEXT NOT NULL, -- as the publisher writes it
  folded      TEXT NOT NULL, -- the name without what makes two of one: case, spaces
  key         TEXT NOT NULL, -- public
  accepted_by TEXT NOT NULL,
  accepted_at INTEGER NOT NULL,
  ended_by    TEXT,
  ended_at    INTEGER, -- null while the key is accepted
  why         TEXT NOT NULL -- why it no longer is, empty before
) STRICT;
CREATE UNIQUE INDEX campaign_publisher_of ON campaign_publisher (school_id, folded) WHERE ended_at IS NULL;
CREATE INDEX campaign_publisher_past ON campaign_publisher (school_id, id);

CREATE TABLE campaign_file (
  id          TEXT NOT NULL PRIMARY KEY, -- and of the campaign, once open
  school_id   TEXT NOT NULL,
  blob_id     TEXT NOT NULL, -- the file, as it came
  sha256      TEXT NOT NULL,
  campaign    TEXT NOT NULL, -- the publisher's id of the campaign
  edition     INTEGER NOT NULL,
  publisher   TEXT NOT NULL, -- its name
  key         TEXT NOT NULL, -- by which it is signed
  title       TEXT NOT NULL,
  opens_at    INTEGER NOT NULL,
  closes_at   INTEGER NOT NULL,
  kept_days   INTEGER NOT NULL, -- promised to families, after closing
  brought_by  TEXT NOT NULL,
  brought_at  INTEGER NOT NULL,
  accepted_by TEXT,
  accepted_at INTEGER,
  opened_by   TEXT,
  opened_at   INTEGER,
  UNIQUE (school_id, campaign, edition)
) STRICT;
