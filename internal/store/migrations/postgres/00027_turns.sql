-- Turns of questions that take several. Times are UTC milliseconds.

-- +goose Up
CREATE TABLE sitting_turn (
  sitting_id TEXT NOT NULL REFERENCES sitting (id),
  item       TEXT NOT NULL,
  n          BIGINT NOT NULL, -- which turn of the question, from 1: the same twice is one turn
  late       BIGINT NOT NULL CHECK (late IN (0, 1)),
  school_id  TEXT NOT NULL,
  device     BIGINT NOT NULL,
  data       TEXT NOT NULL, -- JSON, under the public names of the state that it answers
  state      TEXT NOT NULL, -- JSON: what the turn left; nothing when late
  at         BIGINT NOT NULL,
  PRIMARY KEY (sitting_id, item, n, late)
);
