-- The journal: pieces with their revisions and authors, the axes they are
-- filed under, what readers add and report, authorisations, and what was
-- decided. Times are UTC milliseconds.

-- +goose Up
CREATE TABLE journal (
  school_id        TEXT NOT NULL PRIMARY KEY,
  slug             TEXT NOT NULL UNIQUE,
  title            TEXT NOT NULL,
  subtitle         TEXT NOT NULL,
  opened           INTEGER NOT NULL CHECK (opened IN (0, 1)),
  widest           TEXT NOT NULL CHECK (widest IN ('group', 'school', 'network', 'public')),
  contributions    TEXT NOT NULL CHECK (contributions IN ('all', 'members', 'none')),
  outside          INTEGER NOT NULL CHECK (outside IN (0, 1)), -- outside authors may be given a pen name
  director         TEXT NOT NULL,
  director_as      TEXT NOT NULL CHECK (director_as IN ('head', 'adult', 'pupil')),
  director_consent TEXT, -- a pupil's authorisation to be named
  publisher        TEXT NOT NULL,
  host             TEXT NOT NULL,
  contact          TEXT NOT NULL,
  how_to           TEXT NOT NULL,
  accessibility    TEXT NOT NULL,
  set_by           TEXT NOT NULL,
  set_at           INTEGER NOT NULL
) STRICT;

CREATE TABLE journal_theme (
  id         TEXT NOT NULL PRIMARY KEY,
  school_id  TEXT NOT NULL,
  slug       TEXT NOT NULL,
  name       TEXT NOT NULL,
  about      TEXT NOT NULL,
  rank       INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (school_id, slug)
) STRICT;

CREATE TABLE journal_collective (
  id         TEXT NOT NULL PRIMARY KEY,
  school_id  TEXT NOT NULL,
  slug       TEXT NOT NULL,
  name       TEXT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('club', 'class', 'union', 'association', 'parents', 'other')),
  about      TEXT NOT NULL,
  rank       INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  UNIQUE (school_id, slug)
) STRICT;

CREATE TABLE journal_author (
  id         TEXT NOT NULL PRIMARY KEY,
  school_id  TEXT NOT NULL,
  seat_id    TEXT,
  staff_id   TEXT,
  pen_name   TEXT NOT NULL,
  pen_key    TEXT NOT NULL, -- folded, so that two are not taken for one another
  created_at INTEGER NOT NULL,
  UNIQUE (school_id, pen_key)
) STRICT;
CREATE UNIQUE INDEX journal_author_seat ON journal_author (school_id, seat_id) WHERE seat_id IS NOT NULL;
CREATE UNIQUE INDEX journal_author_staff ON journal_author (school_id, staff_id) WHERE staff_id IS NOT NULL;

CREATE TABLE journal_mandate (
  id         TEXT NOT NULL PRIMARY KEY,
  school_id  TEXT NOT NULL,
  seat_id    TEXT,
  staff_id   TEXT,
  kind       TEXT NOT NULL CHECK (kind IN ('board', 'moderation')),
  starts_at  INTEGER NOT NULL,
  until      INTEGER NOT NULL,
  given_by   TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX journal_mandate_school ON journal_mandate (school_id, until);
CREATE INDEX journal_mandate_seat ON journal_mandate (seat_id);

CREATE TABLE journal_piece (
  id            TEXT NOT NULL PRIMARY KEY,
  school_id     TEXT NOT NULL,
  kind          TEXT NOT NULL CHECK (kind IN ('article', 'brief', 'event')),
  status        TEXT NOT NULL CHECK (status IN ('draft', 'proposed', 'discussed', 'published', 'refused', 'withdrawn', 'suspended', 'forbidden')),
  change        TEXT NOT NULL CHECK (change IN ('', 'draft', 'proposed', 'discussed', 'refused')), -- of the revision that is to follow the live one
  slug          TEXT, -- from the first publication on
  collective_id TEXT REFERENCES journal_collective (id),
  audience      TEXT NOT NULL CHECK (audience IN ('group', 'school', 'network', 'public')),
  group_id      TEXT, -- with the audience group
  live_id       TEXT, -- the revision that readers see
  work_id       TEXT, -- the revision that authors change
  holder        TEXT, -- author who reviews it
  asked_at      INTEGER, -- since when it waits for a review
  published_at  INTEGER, -- the date it bears, which may be to come
  first_at      INTEGER, -- of its first publication
  changed_at    INTEGER NOT NULL,
  hidden_at     INTEGER, -- a credible report hides it until somebody has read it
  happens_at    INTEGER, -- of an event, as in the live revision
  visits        INTEGER NOT NULL,
  additions     INTEGER NOT NULL, -- contributions that show
  version       INTEGER NOT NULL,
  created_at    INTEGER NOT NULL,
  UNIQUE (school_id, slug)
) STRICT;
CREATE INDEX journal_piece_shown ON journal_piece (school_id, kind, published_at) WHERE status = 'published';
CREATE INDEX journal_piece_collective ON journal_piece (collective_id, published_at) WHERE status = 'published';
CREATE INDEX journal_piece_event ON journal_piece (school_id, happens_at) WHERE happens_at IS NOT NULL;
CREATE INDEX journal_piece_desk ON journal_piece (school_id, status, change);

CREATE TABLE journal_revision (
  id           TEXT NOT NULL PRIMARY KEY,
  piece_id     TEXT NOT NULL REFERENCES journal_piece (id),
  school_id    TEXT NOT NULL,
  n            INTEGER NOT NULL,
  by_author    TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  saved_at     INTEGER NOT NULL,
  published_at INTEGER, -- when it became the live one
  title        TEXT NOT NULL,
  kicker       TEXT NOT NULL,
  standfirst   TEXT NOT NULL,
  picture_id   TEXT, -- the one that leads
  picture_alt  TEXT NOT NULL,
  credit       TEXT NOT NULL,
  about        TEXT NOT NULL, -- JSON: sources, documents, tags, what a brief cites, when and where an event is
  body         TEXT NOT NULL, -- JSON of the editor
  UNIQUE (piece_id, n)
) STRICT;

CREATE TABLE journal_piece_author (
  piece_id  TEXT NOT NULL REFERENCES journal_piece (id),
  author_id TEXT NOT NULL REFERENCES journal_author (id),
  school_id TEXT NOT NULL,
  rank      INTEGER NOT NULL,
  PRIMARY KEY (piece_id, author_id)
) STRICT;
CREATE INDEX journal_piece_author_of ON journal_piece_author (author_id);

CREATE TABLE journal_piece_theme (
  piece_id     TEXT NOT NULL REFERENCES journal_piece (id),
  theme_id     TEXT NOT NULL REFERENCES journal_theme (id),
  school_id    TEXT NOT NULL,
  published_at INTEGER, -- of the piece, while it is published
  PRIMARY KEY (piece_id, theme_id)
) STRICT;
CREATE INDEX journal_piece_theme_of ON journal_piece_theme (theme_id, published_at);

CREATE TABLE journal_tag (
  piece_id     TEXT NOT NULL REFERENCES journal_piece (id),
  slug         TEXT NOT NULL,
  school_id    TEXT NOT NULL,
  name         TEXT NOT NULL,
  published_at INTEGER NOT NULL,
  PRIMARY KEY (piece_id, slug)
) STRICT;
CREATE INDEX journal_tag_of ON journal_tag (school_id, slug, published_at);

CREATE TABLE journal_word (
  school_id    TEXT NOT NULL,
  word         TEXT NOT NULL, -- folded and stemmed
  weight       INTEGER NOT NULL,
  published_at INTEGER NOT NULL,
  piece_id     TEXT NOT NULL REFERENCES journal_piece (id),
  PRIMARY KEY (school_id, word, weight, published_at, piece_id)
) WITHOUT ROWID, STRICT;
CREATE INDEX journal_word_piece ON journal_word (piece_id, word);

CREATE TABLE journal_note (
  id        TEXT NOT NULL PRIMARY KEY,
  piece_id  TEXT NOT NULL REFERENCES journal_piece (id),
  school_id TEXT NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('note', 'reason', 'act')),
  act       TEXT NOT NULL,
  by_author TEXT NOT NULL REFERENCES journal_author (id),
  text      TEXT NOT NULL,
  at        INTEGER NOT NULL
) STRICT;
CREATE INDEX journal_note_of ON journal_note (piece_id, id);

CREATE TABLE journal_decision (
  id        TEXT NOT NULL PRIMARY KEY,
  piece_id  TEXT NOT NULL REFERENCES journal_piece (id),
  school_id TEXT NOT NULL,
  act       TEXT NOT NULL CHECK (act IN ('suspend', 'forbid', 'lift')),
  reason    TEXT NOT NULL,
  by_staff  TEXT NOT NULL,
  at        INTEGER NOT NULL,
  told_at   INTEGER, -- when the conseil d'administration was told
  told_by   TEXT
) STRICT;
CREATE INDEX journal_decision_of ON journal_decision (school_id, id);
CREATE INDEX journal_decision_piece ON journal_decision (piece_id);

CREATE TABLE journal_contribution (
  id         TEXT NOT NULL PRIMARY KEY,
  piece_id   TEXT NOT NULL REFERENCES journal_piece (id),
  school_id  TEXT NOT NULL,
  status     TEXT NOT NULL CHECK (status IN ('waiting', 'shown', 'refused', 'spam')),
  name       TEXT NOT NULL,
  text       TEXT NOT NULL,
  link       TEXT NOT NULL,
  answer     TEXT NOT NULL,
  reason     TEXT NOT NULL,
  signs      TEXT NOT NULL, -- words of the code: what looks odd about it
  source     TEXT NOT NULL, -- digest of the sender's network, good for a day
  receipt    BLOB NOT NULL, -- SHA-256 of what its sender follows it by
  seat_id    TEXT,
  staff_id   TEXT,
  at         INTEGER NOT NULL,
  decided_at INTEGER,
  decided_by TEXT,
  hidden_at  INTEGER
) STRICT;
CREATE INDEX journal_contribution_of ON journal_contribution (piece_id, status, id);
CREATE INDEX journal_contribution_queue ON journal_contribution (school_id, status, id);
CREATE INDEX journal_contribution_receipt ON journal_contribution (receipt);

CREATE TABLE journal_address (
  contribution_id TEXT NOT NULL PRIMARY KEY REFERENCES journal_contribution (id),
  school_id       TEXT NOT NULL,
  address         TEXT NOT NULL,
  at              INTEGER NOT NULL,
  until           INTEGER NOT NULL -- as the operator has set
) STRICT;

CREATE TABLE journal_report (
  id              TEXT NOT NULL PRIMARY KEY,
  school_id       TEXT NOT NULL,
  piece_id        TEXT NOT NULL REFERENCES journal_piece (id),
  contribution_id TEXT REFERENCES journal_contribution (id),
  why             TEXT NOT NULL CHECK (why IN ('person', 'image', 'hatred', 'danger', 'false', 'copy', 'other')),
  text            TEXT NOT NULL,
  credible        INTEGER NOT NULL CHECK (credible IN (0, 1)),
  status          TEXT NOT NULL CHECK (status IN ('waiting', 'upheld', 'dismissed')),
  reason          TEXT NOT NULL,
  receipt         BLOB NOT NULL,
  at              INTEGER NOT NULL,
  decided_at      INTEGER,
  decided_by      TEXT
) STRICT;
CREATE INDEX journal_report_queue ON journal_report (school_id, status, id);
CREATE INDEX journal_report_of ON journal_report (piece_id);
CREATE INDEX journal_report_on ON journal_report (contribution_id);
CREATE INDEX journal_report_receipt ON journal_report (receipt);

CREATE TABLE journal_reply (
  id         TEXT NOT NULL PRIMARY KEY,
  school_id  TEXT NOT NULL,
  piece_id   TEXT NOT NULL REFERENCES journal_piece (id),
  name       TEXT NOT NULL,
  contact    TEXT, -- emptied once it has served
  passages   TEXT NOT NULL,
  text       TEXT NOT NULL,
  status     TEXT NOT NULL CHECK (status IN ('waiting', 'inserted', 'refused')),
  reason     TEXT NOT NULL,
  receipt    BLOB NOT NULL,
  at         INTEGER NOT NULL,
  due_at     INTEGER NOT NULL,
  decided_at INTEGER,
  decided_by TEXT
) STRICT;
CREATE INDEX journal_reply_queue ON journal_reply (school_id, status, due_at);
CREATE INDEX journal_reply_of ON journal_reply (piece_id);
CREATE INDEX journal_reply_receipt ON journal_reply (receipt);

CREATE TABLE journal_form (
  id    TEXT NOT NULL PRIMARY KEY, -- a form that was sent, which cannot be sent again
  until INTEGER NOT NULL
) STRICT;

CREATE TABLE journal_file (
  id         TEXT NOT NULL PRIMARY KEY,
  school_id  TEXT NOT NULL,
  blob_id    TEXT, -- null once it is taken down
  kind       TEXT NOT NULL CHECK (kind IN ('picture', 'document', 'sound', 'film')),
  media_type TEXT NOT NULL,
  name       TEXT NOT NULL,
  width      INTEGER NOT NULL,
  height     INTEGER NOT NULL,
  size       INTEGER NOT NULL,
  by_author  TEXT NOT NULL REFERENCES journal_author (id),
  created_at INTEGER NOT NULL,
  removed_at INTEGER,
  dropped    INTEGER NOT NULL CHECK (dropped IN (0, 1)) -- its content is gone too
) STRICT;
CREATE INDEX journal_file_school ON journal_file (school_id, id);
CREATE INDEX journal_file_removed ON journal_file (removed_at) WHERE removed_at IS NOT NULL AND dropped = 0;

CREATE TABLE journal_use (
  piece_id  TEXT NOT NULL REFERENCES journal_piece (id),
  file_id   TEXT NOT NULL REFERENCES journal_file (id),
  school_id TEXT NOT NULL,
  PRIMARY KEY (piece_id, file_id)
) STRICT;
CREATE INDEX journal_use_of ON journal_use (file_id);

CREATE TABLE journal_consent (
  id           TEXT NOT NULL PRIMARY KEY,
  school_id    TEXT NOT NULL,
  seat_id      TEXT NOT NULL,
  what         TEXT NOT NULL CHECK (what IN ('name', 'image', 'voice')),
  purpose      TEXT NOT NULL,
  medium       TEXT NOT NULL,
  parental     INTEGER NOT NULL CHECK (parental IN (0, 1)),
  starts_at    INTEGER NOT NULL,
  until        INTEGER NOT NULL,
  recorded_by  TEXT NOT NULL,
  recorded_at  INTEGER NOT NULL,
  withdrawn_at INTEGER
) STRICT;
CREATE INDEX journal_consent_school ON journal_consent (school_id, id);
CREATE INDEX journal_consent_seat ON journal_consent (seat_id);

CREATE TABLE journal_consent_use (
  consent_id TEXT NOT NULL REFERENCES journal_consent (id),
  subject    TEXT NOT NULL, -- a file, or a piece that names somebody
  school_id  TEXT NOT NULL,
  PRIMARY KEY (consent_id, subject)
) STRICT;
CREATE INDEX journal_consent_use_of ON journal_consent_use (subject);

CREATE TABLE journal_log (
  id         TEXT NOT NULL PRIMARY KEY,
  school_id  TEXT NOT NULL,
  at         INTEGER NOT NULL,
  act        TEXT NOT NULL,
  subject    TEXT NOT NULL, -- 'piece', 'contribution', 'report', 'reply', 'file'
  subject_id TEXT NOT NULL,
  by_staff   TEXT,
  by_seat    TEXT,
  reason     TEXT NOT NULL
) STRICT;
CREATE INDEX journal_log_school ON journal_log (school_id, id);
