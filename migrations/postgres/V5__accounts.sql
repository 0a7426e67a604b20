-- An account may also be of somebody who only reads.
ALTER TABLE users DROP CONSTRAINT users_role_check;
ALTER TABLE users ADD CONSTRAINT users_role_check CHECK (role IN ('read-only', 'member', 'admin'));

-- An account that is given up goes for good at this time, unless that is taken back before.
ALTER TABLE users ADD COLUMN deletes_at BIGINT;

CREATE INDEX users_by_deletion ON users (deletes_at, id) WHERE deletes_at IS NOT NULL;

-- When whoever is signed in last showed a credential. Sessions from before count as long ago.
ALTER TABLE sessions ADD COLUMN verified_at BIGINT NOT NULL DEFAULT 0;

-- Secrets of the server that must be read back, each sealed under the master key with its name bound in.
CREATE TABLE secrets (
    name       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    sealed     BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

-- The second factor of an account: its seed, sealed with the account's id bound in. It asks for nothing until it is confirmed by a
-- first code. `last_step` is the time step of the newest code that was taken, so that none is taken twice.
CREATE TABLE totp (
    user_id      BYTEA NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
    sealed       BYTEA NOT NULL,
    last_step    BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    confirmed_at BIGINT
);

-- What stands in for a second factor that is lost; a row goes when it is used.
CREATE TABLE recovery_codes (
    user_id BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    hash    BYTEA NOT NULL,
    PRIMARY KEY (user_id, hash)
);

-- A key acts for its owner within its scopes and, when any are named, only on notes with one of its tags (their folded names) or in
-- one of its notebooks; each list has one a line. It counts while its `credentials_epoch` is its owner's.
CREATE TABLE api_keys (
    id                BYTEA NOT NULL PRIMARY KEY,
    user_id           BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    name              TEXT COLLATE "C" NOT NULL,
    hint              TEXT COLLATE "C" NOT NULL,
    hash              BYTEA NOT NULL UNIQUE,
    scopes            TEXT COLLATE "C" NOT NULL,
    tags              TEXT COLLATE "C" NOT NULL,
    notebooks         TEXT COLLATE "C" NOT NULL,
    budget            BIGINT,
    credentials_epoch BIGINT NOT NULL,
    created_at        BIGINT NOT NULL,
    expires_at        BIGINT,
    last_used_at      BIGINT
);

CREATE INDEX api_keys_by_user ON api_keys (user_id, created_at, id);

-- A link with which somebody makes an account, for anyone or for one address.
CREATE TABLE invites (
    id         BYTEA NOT NULL PRIMARY KEY,
    hash       BYTEA NOT NULL UNIQUE,
    email      TEXT COLLATE "C",
    role       TEXT COLLATE "C" NOT NULL CHECK (role IN ('read-only', 'member', 'admin')),
    made_by    BYTEA REFERENCES users (id) ON DELETE SET NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

CREATE INDEX invites_by_created ON invites (created_at, id);

-- A link with which the owner of an account chooses another password; it counts while its `credentials_epoch` is the account's.
CREATE TABLE reset_links (
    hash              BYTEA NOT NULL PRIMARY KEY,
    user_id           BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credentials_epoch BIGINT NOT NULL,
    expires_at        BIGINT NOT NULL
);

CREATE INDEX reset_links_by_user ON reset_links (user_id);

-- What was done that matters to safety. Each row's `hash` is over the one before and its own fields, so that none can be changed or
-- taken away unseen. It names nobody but by ids: who that is stands in `audit_persons`, whose rows may go when a person does.
-- `actor_proof` and `subject_proof` bind them to this row as long as they are there.
CREATE TABLE audit (
    seq           BIGINT NOT NULL PRIMARY KEY,
    at            BIGINT NOT NULL,
    action        TEXT COLLATE "C" NOT NULL,
    outcome       TEXT COLLATE "C" NOT NULL,
    credential    TEXT COLLATE "C" NOT NULL,
    actor         BYTEA,
    subject       BYTEA,
    target        BYTEA,
    times         BIGINT NOT NULL,
    details       TEXT COLLATE "C" NOT NULL,
    actor_proof   BYTEA,
    subject_proof BYTEA,
    hash          BYTEA NOT NULL
) PARTITION BY RANGE (seq);

CREATE TABLE audit_p0 PARTITION OF audit FOR VALUES FROM (0) TO (1000000);

CREATE INDEX audit_by_actor ON audit (actor, seq) WHERE actor IS NOT NULL;
CREATE INDEX audit_by_subject ON audit (subject, seq) WHERE subject IS NOT NULL;

CREATE TABLE audit_persons (
    seq     BIGINT NOT NULL,
    part    TEXT COLLATE "C" NOT NULL CHECK (part IN ('actor', 'subject')),
    name    TEXT COLLATE "C" NOT NULL,
    address TEXT COLLATE "C" NOT NULL,
    agent   TEXT COLLATE "C" NOT NULL,
    salt    BYTEA NOT NULL,
    PRIMARY KEY (seq, part)
);
