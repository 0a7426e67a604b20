-- An account may also be of somebody who only reads. The column is made anew, because a CHECK cannot be changed in place; a table made
-- anew would take all that refers to it along.
ALTER TABLE users ADD COLUMN rights TEXT NOT NULL DEFAULT 'member' CHECK (rights IN ('read-only', 'member', 'admin'));
UPDATE users SET rights = role;
ALTER TABLE users DROP COLUMN role;
ALTER TABLE users RENAME COLUMN rights TO role;

-- An account that is given up goes for good at this time, unless that is taken back before.
ALTER TABLE users ADD COLUMN deletes_at INTEGER;

CREATE INDEX users_by_deletion ON users (deletes_at, id) WHERE deletes_at IS NOT NULL;

-- When whoever is signed in last showed a credential. Sessions from before count as long ago.
ALTER TABLE sessions ADD COLUMN verified_at INTEGER NOT NULL DEFAULT 0;

-- Secrets of the server that must be read back, each sealed under the master key with its name bound in.
CREATE TABLE secrets (
    name       TEXT    NOT NULL PRIMARY KEY,
    sealed     BLOB    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

-- The second factor of an account: its seed, sealed with the account's id bound in. It asks for nothing until it is confirmed by a
-- first code. `last_step` is the time step of the newest code that was taken, so that none is taken twice.
CREATE TABLE totp (
    user_id      BLOB    NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sealed       BLOB    NOT NULL,
    last_step    INTEGER NOT NULL,
    created_at   INTEGER NOT NULL,
    confirmed_at INTEGER
) STRICT;

-- What stands in for a second factor that is lost; a row goes when it is used.
CREATE TABLE recovery_codes (
    user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash    BLOB NOT NULL,
    PRIMARY KEY (user_id, hash)
) STRICT;

-- A key acts for its owner within its scopes and, when any are named, only on notes with one of its tags (their folded names) or in
-- one of its notebooks; each list has one a line. It counts while its `credentials_epoch` is its owner's.
CREATE TABLE api_keys (
    id                BLOB    NOT NULL PRIMARY KEY,
    user_id           BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name              TEXT    NOT NULL,
    hint              TEXT    NOT NULL,
    hash              BLOB    NOT NULL UNIQUE,
    scopes            TEXT    NOT NULL,
    tags              TEXT    NOT NULL,
    notebooks         TEXT    NOT NULL,
    budget            INTEGER,
    credentials_epoch INTEGER NOT NULL,
    created_at        INTEGER NOT NULL,
    expires_at        INTEGER,
    last_used_at      INTEGER
) STRICT;

CREATE INDEX api_keys_by_user ON api_keys (user_id, created_at, id);

-- A link with which somebody makes an account, for anyone or for one address.
CREATE TABLE invites (
    id         BLOB    NOT NULL PRIMARY KEY,
    hash       BLOB    NOT NULL UNIQUE,
    email      TEXT,
    role       TEXT    NOT NULL CHECK (role IN ('read-only', 'member', 'admin')),
    made_by    BLOB    REFERENCES users (id) ON DELETE SET NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX invites_by_created ON invites (created_at, id);

-- A link with which the owner of an account chooses another password; it counts while its `credentials_epoch` is the account's.
CREATE TABLE reset_links (
    hash              BLOB    NOT NULL PRIMARY KEY,
    user_id           BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credentials_epoch INTEGER NOT NULL,
    expires_at        INTEGER NOT NULL
) STRICT;

CREATE INDEX reset_links_by_user ON reset_links (user_id);

-- What was done that matters to safety. Each row's `hash` is over the one before and its own fields, so that none can be changed or
-- taken away unseen. It names nobody but by ids: who that is stands in `audit_persons`, whose rows may go when a person does.
-- `actor_proof` and `subject_proof` bind them to this row as long as they are there.
CREATE TABLE audit (
    seq           INTEGER NOT NULL PRIMARY KEY,
    at            INTEGER NOT NULL,
    action        TEXT    NOT NULL,
    outcome       TEXT    NOT NULL,
    credential    TEXT    NOT NULL,
    actor         BLOB,
    subject       BLOB,
    target        BLOB,
    times         INTEGER NOT NULL,
    details       TEXT    NOT NULL,
    actor_proof   BLOB,
    subject_proof BLOB,
    hash          BLOB    NOT NULL
) STRICT;

CREATE INDEX audit_by_actor ON audit (actor, seq) WHERE actor IS NOT NULL;
CREATE INDEX audit_by_subject ON audit (subject, seq) WHERE subject IS NOT NULL;

CREATE TABLE audit_persons (
    seq     INTEGER NOT NULL,
    part    TEXT    NOT NULL CHECK (part IN ('actor', 'subject')),
    name    TEXT    NOT NULL,
    address TEXT    NOT NULL,
    agent   TEXT    NOT NULL,
    salt    BLOB    NOT NULL,
    PRIMARY KEY (seq, part)
) STRICT;
