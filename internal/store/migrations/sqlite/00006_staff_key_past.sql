-- +goose Up
-- A person's own key, and the sealed form of one that stays, as they were before
-- they were replaced: kept for a month, to be put back.
CREATE TABLE staff_key_past (
  id          TEXT NOT NULL PRIMARY KEY,
  staff_id    TEXT NOT NULL,
  recipient   TEXT NOT NULL,
  sign_pub    BLOB NOT NULL,
  sealed      BLOB NOT NULL,
  replaced_at INTEGER NOT NULL
) STRICT;
CREATE INDEX staff_key_past_staff ON staff_key_past (staff_id, replaced_at);
