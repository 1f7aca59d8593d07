-- +goose Up
CREATE TABLE setting (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

CREATE TABLE blob (
    id         TEXT PRIMARY KEY,
    school_id  TEXT NOT NULL,
    kind       TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size       INTEGER NOT NULL CHECK (size >= 0),
    sha256     TEXT NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX blob_school ON blob (school_id, id);

CREATE TABLE job (
    id          TEXT PRIMARY KEY,
    kind        TEXT NOT NULL,
    school_id   TEXT,
    payload     TEXT NOT NULL,
    run_at      INTEGER NOT NULL,
    lease_until INTEGER,
    lease_owner TEXT,
    attempts    INTEGER NOT NULL DEFAULT 0,
    last_error  TEXT,
    created_at  INTEGER NOT NULL,
    done_at     INTEGER,
    dead_at     INTEGER
) STRICT;
CREATE INDEX job_due ON job (kind, run_at) WHERE done_at IS NULL AND dead_at IS NULL;

CREATE TABLE audit (
    id           TEXT PRIMARY KEY,
    school_id    TEXT,
    at           INTEGER NOT NULL,
    actor_kind   TEXT NOT NULL CHECK (actor_kind IN ('staff', 'seat', 'system')),
    actor_id     TEXT,
    act          TEXT NOT NULL,
    subject_kind TEXT,
    subject_id   TEXT,
    detail       TEXT NOT NULL
) STRICT;
CREATE INDEX audit_school ON audit (coalesce(school_id, ''), id);

CREATE TABLE erasure (
    id           TEXT PRIMARY KEY,
    school_id    TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id   TEXT NOT NULL,
    at           INTEGER NOT NULL
) STRICT;
CREATE INDEX erasure_subject ON erasure (school_id, subject_kind, subject_id);
