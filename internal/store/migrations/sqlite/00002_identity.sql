-- Schools, staff, what they may do and how they prove who they are.
-- Times are UTC milliseconds. A token or code is kept as its SHA-256 only.

-- +goose Up

CREATE TABLE territory (
  id TEXT NOT NULL PRIMARY KEY,
  parent_id TEXT REFERENCES territory (id),
  kind TEXT NOT NULL CHECK (kind IN ('town', 'academie', 'country')),
  name TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX territory_parent ON territory (parent_id);

CREATE TABLE school (
  id TEXT NOT NULL PRIMARY KEY,
  territory_id TEXT REFERENCES territory (id),
  uai TEXT UNIQUE,
  name TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('ecole', 'college', 'lycee', 'other')),
  zone TEXT NOT NULL, -- IANA time zone
  controller_name TEXT NOT NULL,
  controller_role TEXT NOT NULL,
  controller_contact TEXT NOT NULL,
  processor TEXT,
  dpo_contact TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX school_territory ON school (territory_id);

CREATE TABLE staff (
  id TEXT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  email TEXT NOT NULL UNIQUE, -- lower case
  password_hash TEXT, -- PHC string, argon2id
  locale TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  disabled_at INTEGER
) STRICT;

CREATE TABLE staff_grant (
  id TEXT NOT NULL PRIMARY KEY,
  staff_id TEXT NOT NULL REFERENCES staff (id),
  role TEXT NOT NULL,
  scope TEXT NOT NULL CHECK (scope IN ('installation', 'territory', 'school', 'year', 'group', 'seats')),
  scope_id TEXT, -- territory, school, year or group
  school_id TEXT REFERENCES school (id), -- of every scope inside a school
  starts_at INTEGER,
  until INTEGER,
  created_by TEXT REFERENCES staff (id),
  created_at INTEGER NOT NULL,
  revoked_at INTEGER
) STRICT;
CREATE INDEX staff_grant_staff ON staff_grant (staff_id);
CREATE INDEX staff_grant_school ON staff_grant (school_id);

CREATE TABLE grant_seat (
  grant_id TEXT NOT NULL REFERENCES staff_grant (id),
  seat_id TEXT NOT NULL,
  school_id TEXT NOT NULL REFERENCES school (id),
  PRIMARY KEY (grant_id, seat_id)
) STRICT;
CREATE INDEX grant_seat_seat ON grant_seat (seat_id);

CREATE TABLE staff_session (
  id TEXT NOT NULL PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  staff_id TEXT NOT NULL REFERENCES staff (id),
  keep INTEGER NOT NULL, -- 1 when remembered on a device of one's own
  device TEXT NOT NULL, -- browser and system, as shown to the person
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  fresh_at INTEGER NOT NULL, -- last proof of identity
  revoked_at INTEGER
) STRICT;
CREATE INDEX staff_session_staff ON staff_session (staff_id);

CREATE TABLE passkey (
  id TEXT NOT NULL PRIMARY KEY,
  staff_id TEXT NOT NULL REFERENCES staff (id),
  credential_id BLOB NOT NULL UNIQUE,
  data TEXT NOT NULL, -- credential record (WebAuthn level 3, 4), JSON
  label TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER
) STRICT;
CREATE INDEX passkey_staff ON passkey (staff_id);

CREATE TABLE recovery_code (
  id TEXT NOT NULL PRIMARY KEY,
  staff_id TEXT NOT NULL REFERENCES staff (id),
  code_hash BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE UNIQUE INDEX recovery_code_staff ON recovery_code (staff_id, code_hash);

CREATE TABLE invitation (
  id TEXT NOT NULL PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  school_id TEXT REFERENCES school (id),
  role TEXT NOT NULL,
  scope TEXT NOT NULL CHECK (scope IN ('installation', 'territory', 'school', 'year', 'group', 'seats')),
  scope_id TEXT,
  until INTEGER, -- of the grant that it becomes
  email TEXT,
  created_by TEXT NOT NULL REFERENCES staff (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER,
  revoked_at INTEGER
) STRICT;
CREATE INDEX invitation_school ON invitation (school_id);

CREATE TABLE invitation_seat (
  invitation_id TEXT NOT NULL REFERENCES invitation (id),
  seat_id TEXT NOT NULL,
  school_id TEXT NOT NULL REFERENCES school (id),
  PRIMARY KEY (invitation_id, seat_id)
) STRICT;
CREATE INDEX invitation_seat_seat ON invitation_seat (seat_id);

CREATE TABLE signin_link (
  id TEXT NOT NULL PRIMARY KEY,
  token_hash BLOB NOT NULL UNIQUE,
  staff_id TEXT REFERENCES staff (id),
  purpose TEXT NOT NULL CHECK (purpose IN ('setup', 'signin')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;

-- Passkey ceremonies that were finished, so that none is finished twice. One
-- that was only begun is not kept: the browser carries it, signed.
CREATE TABLE ceremony (
  id TEXT NOT NULL PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT;
