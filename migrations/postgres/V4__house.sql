-- The schema as it was when PostgreSQL became the second engine: the tables of SQLite's steps 1 to 4 in one. From here on each step has
-- the same number on both. Times are microseconds UTC, ids are UUIDs (16 bytes), folded `*_key` columns stand in for collations,
-- and text compares by its bytes, as SQLite does.

-- One row: the identity of this store. A restored copy gets another epoch, so that derived data (the search index, caches,
-- other devices) can tell that its positions in the change log mean nothing here. Who writes holds this row's lock, so that over
-- all instances one transaction at a time does.
CREATE TABLE store (
    id         BIGINT NOT NULL PRIMARY KEY CHECK (id = 1),
    epoch      BYTEA NOT NULL,
    floor      BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

CREATE TABLE users (
    id                BYTEA NOT NULL PRIMARY KEY,
    email             TEXT COLLATE "C" NOT NULL,
    email_key         TEXT COLLATE "C" NOT NULL UNIQUE,
    name              TEXT COLLATE "C" NOT NULL,
    role              TEXT COLLATE "C" NOT NULL CHECK (role IN ('member', 'admin')),
    password          TEXT COLLATE "C" NOT NULL,
    credentials_epoch BIGINT NOT NULL DEFAULT 0,
    disabled_at       BIGINT,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL
);

CREATE INDEX users_by_created ON users (created_at, id);

-- A session is a refresh-token family: the row holds the hash of the current token and, for a short grace, its predecessor
-- with the successor sealed under a key that only the predecessor yields. It counts while its `credentials_epoch` is its
-- user's; access tokens from `first_epoch` on belong to it. `delivery` is how its tokens travel, chosen at sign-in.
CREATE TABLE sessions (
    id                 BYTEA NOT NULL PRIMARY KEY,
    user_id            BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at         BIGINT NOT NULL,
    last_used_at       BIGINT NOT NULL,
    idle_expires_at    BIGINT NOT NULL,
    expires_at         BIGINT NOT NULL,
    first_epoch        BIGINT NOT NULL,
    credentials_epoch  BIGINT NOT NULL,
    delivery           TEXT COLLATE "C" NOT NULL CHECK (delivery IN ('cookie', 'split', 'body')),
    agent              TEXT COLLATE "C" NOT NULL,
    address            TEXT COLLATE "C" NOT NULL,
    generation         BIGINT NOT NULL,
    refresh_hash       BYTEA NOT NULL,
    previous_hash      BYTEA,
    rotated_at         BIGINT,
    sealed_successor   BYTEA
);

CREATE INDEX sessions_by_user ON sessions (user_id, created_at, id);
CREATE INDEX sessions_by_expiry ON sessions (idle_expires_at);

-- Keys that sign access tokens, each sealed under the master key in the data directory.
CREATE TABLE signing_keys (
    id         BYTEA NOT NULL PRIMARY KEY,
    sealed     BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE setup_links (
    hash       BYTEA NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

CREATE TABLE notebooks (
    id         BYTEA NOT NULL PRIMARY KEY,
    owner      BYTEA NOT NULL REFERENCES users (id),
    -- Deferrable, because a store that is copied here may have a child before its parent.
    parent_id  BYTEA REFERENCES notebooks (id) DEFERRABLE INITIALLY IMMEDIATE,
    name       TEXT COLLATE "C" NOT NULL,
    name_key   TEXT COLLATE "C" NOT NULL,
    position   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX notebooks_by_owner ON notebooks (owner, position, id);
CREATE INDEX notebooks_by_name ON notebooks (parent_id, owner, name_key);
CREATE INDEX notebooks_by_place ON notebooks (parent_id, owner, position, id);

-- `tags` repeats the names of `note_tags` (sorted, one a line), so that reading a note is one row. `excerpt` saves lists from
-- reading bodies; the body stands last, behind everything that lists read.
CREATE TABLE notes (
    id            BYTEA NOT NULL PRIMARY KEY,
    owner         BYTEA NOT NULL REFERENCES users (id),
    title         TEXT COLLATE "C" NOT NULL,
    title_key     TEXT COLLATE "C" NOT NULL,
    title_derived BIGINT NOT NULL,
    tags          TEXT COLLATE "C" NOT NULL,
    notebook_id   BYTEA REFERENCES notebooks (id),
    pinned        BIGINT NOT NULL,
    state         BIGINT NOT NULL CHECK (state IN (0, 1, 2)),
    former_state  BIGINT NOT NULL CHECK (former_state IN (0, 1)),
    version       BYTEA NOT NULL,
    seq           BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    trashed_at    BIGINT,
    excerpt       TEXT COLLATE "C" NOT NULL,
    text_sum      BIGINT,
    body          TEXT COLLATE "C" NOT NULL
);

-- One for each order of a list; a notebook's and the pinned notes have their own, so that a short list within many notes is not
-- found by passing all the others. A note in no notebook and not pinned stands in the first three alone.
CREATE INDEX notes_unsummed ON notes (id) WHERE text_sum IS NULL;
CREATE INDEX notes_by_updated ON notes (owner, state, updated_at, id);
CREATE INDEX notes_by_created ON notes (owner, state, created_at, id);
CREATE INDEX notes_by_title ON notes (owner, state, title_key, id);
CREATE INDEX notes_of_notebook_by_updated ON notes (notebook_id, state, updated_at, id) WHERE notebook_id IS NOT NULL;
CREATE INDEX notes_of_notebook_by_created ON notes (notebook_id, state, created_at, id) WHERE notebook_id IS NOT NULL;
CREATE INDEX notes_of_notebook_by_title ON notes (notebook_id, state, title_key, id) WHERE notebook_id IS NOT NULL;
CREATE INDEX notes_pinned_by_updated ON notes (owner, state, updated_at, id) WHERE pinned = 1;
CREATE INDEX notes_pinned_by_created ON notes (owner, state, created_at, id) WHERE pinned = 1;
CREATE INDEX notes_pinned_by_title ON notes (owner, state, title_key, id) WHERE pinned = 1;

-- `notes` counts the notes outside the trash, so that a list of tags costs no more than its rows.
CREATE TABLE tags (
    id       BYTEA NOT NULL PRIMARY KEY,
    owner    BYTEA NOT NULL REFERENCES users (id),
    name     TEXT COLLATE "C" NOT NULL,
    name_key TEXT COLLATE "C" NOT NULL,
    notes    BIGINT NOT NULL,
    UNIQUE (owner, name_key)
);

CREATE TABLE note_tags (
    tag_id  BYTEA NOT NULL REFERENCES tags (id),
    note_id BYTEA NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    PRIMARY KEY (tag_id, note_id)
);

CREATE INDEX note_tags_by_note ON note_tags (note_id, tag_id);

-- The change log, in pieces of a million numbers; the store makes the next ones and drops the oldest. No content: who may see what changed is asked of the store when the change is followed.
CREATE TABLE changes (
    seq     BIGINT NOT NULL PRIMARY KEY,
    kind    TEXT COLLATE "C" NOT NULL,
    id      BYTEA NOT NULL,
    owner   BYTEA NOT NULL,
    op      TEXT COLLATE "C" NOT NULL,
    version BYTEA
) PARTITION BY RANGE (seq);

CREATE TABLE changes_p0 PARTITION OF changes FOR VALUES FROM (0) TO (1000000);

CREATE INDEX changes_by_owner ON changes (owner, seq);

CREATE TABLE idempotency_keys (
    owner      BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    route      TEXT COLLATE "C" NOT NULL,
    key        TEXT COLLATE "C" NOT NULL,
    request    BYTEA NOT NULL,
    location   TEXT COLLATE "C" NOT NULL,
    etag       TEXT COLLATE "C",
    change     BIGINT NOT NULL,
    body       BYTEA NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (owner, route, key)
);

CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

-- What an import has already brought in: the identity is a hash of the file's place and content.
CREATE TABLE imports (
    owner    BYTEA NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    identity BYTEA NOT NULL,
    note_id  BYTEA NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    PRIMARY KEY (owner, identity)
);

CREATE INDEX imports_by_note ON imports (note_id);

-- A client may choose a note's id. Whether one is free is asked of the tombstones too, so that the id of a purged note never comes
-- back as another note; the index holds these alone and costs every other change nothing.
CREATE INDEX changes_tombstones ON changes (id) WHERE op = 'delete';

-- Work that outlives the request that asked for it. A row is claimed by a worker for the time of a lease, which the worker renews;
-- a lease that has run out is anybody's again. `owner` is whose work it is; the house's own has none. `schedule` names the
-- schedule that a job came from, so that one is not started while its predecessor still waits or runs.
CREATE TABLE jobs (
    id          BYTEA NOT NULL PRIMARY KEY,
    owner       BYTEA REFERENCES users (id) ON DELETE CASCADE,
    kind        TEXT COLLATE "C" NOT NULL,
    schedule    TEXT COLLATE "C",
    payload     TEXT COLLATE "C" NOT NULL,
    state       TEXT COLLATE "C" NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    due_at      BIGINT NOT NULL,
    attempts    BIGINT NOT NULL,
    lease       BYTEA,
    leased_till BIGINT,
    done        BIGINT NOT NULL,
    total       BIGINT,
    result      TEXT COLLATE "C",
    error       TEXT COLLATE "C",
    created_at  BIGINT NOT NULL,
    started_at  BIGINT,
    ended_at    BIGINT 
);

CREATE INDEX jobs_due ON jobs (due_at, id) WHERE state = 'queued';
CREATE INDEX jobs_leased ON jobs (leased_till, id) WHERE state = 'running';
CREATE INDEX jobs_ended ON jobs (state, ended_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX jobs_by_owner ON jobs (owner, created_at, id);
CREATE INDEX jobs_by_created ON jobs (created_at, id);

-- When what repeats is due next.
CREATE TABLE schedules (
    name    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    due_at  BIGINT NOT NULL
);

-- What is in the trash, the longest first: for purging what has lain there long enough, over all owners.
CREATE INDEX notes_by_trashed ON notes (trashed_at, id) WHERE state = 2;
