-- The first schema. Times are microseconds UTC, ids are UUIDs (16 bytes), folded `*_key` columns stand in for collations.

-- One row: the identity of this store. A restored copy gets another epoch, so that derived data (the search index, caches,
-- other devices) can tell that its positions in the change log mean nothing here.
CREATE TABLE store (
    id         INTEGER PRIMARY KEY CHECK (id = 1),
    epoch      BLOB    NOT NULL,
    floor      INTEGER NOT NULL DEFAULT 0,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
    id                BLOB    NOT NULL PRIMARY KEY,
    email             TEXT    NOT NULL,
    email_key         TEXT    NOT NULL UNIQUE,
    name              TEXT    NOT NULL,
    role              TEXT    NOT NULL CHECK (role IN ('member', 'admin')),
    password          TEXT    NOT NULL,
    credentials_epoch INTEGER NOT NULL DEFAULT 0,
    disabled_at       INTEGER,
    created_at        INTEGER NOT NULL,
    updated_at        INTEGER NOT NULL
) STRICT;

CREATE INDEX users_by_created ON users (created_at, id);

-- A session is a refresh-token family: the row holds the hash of the current token and, for a short grace, its predecessor
-- with the successor sealed under a key that only the predecessor yields. It counts while its `credentials_epoch` is its
-- user's; access tokens from `first_epoch` on belong to it. `delivery` is how its tokens travel, chosen at sign-in.
CREATE TABLE sessions (
    id                 BLOB    NOT NULL PRIMARY KEY,
    user_id            BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_at         INTEGER NOT NULL,
    last_used_at       INTEGER NOT NULL,
    idle_expires_at    INTEGER NOT NULL,
    expires_at         INTEGER NOT NULL,
    first_epoch        INTEGER NOT NULL,
    credentials_epoch  INTEGER NOT NULL,
    delivery           TEXT    NOT NULL CHECK (delivery IN ('cookie', 'split', 'body')),
    agent              TEXT    NOT NULL,
    address            TEXT    NOT NULL,
    generation         INTEGER NOT NULL,
    refresh_hash       BLOB    NOT NULL,
    previous_hash      BLOB,
    rotated_at         INTEGER,
    sealed_successor   BLOB
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id, created_at, id);
CREATE INDEX sessions_by_expiry ON sessions (idle_expires_at);

-- Keys that sign access tokens, each sealed under the master key in the data directory.
CREATE TABLE signing_keys (
    id         BLOB    NOT NULL PRIMARY KEY,
    sealed     BLOB    NOT NULL,
    created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE setup_links (
    hash       BLOB    NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE notebooks (
    id         BLOB    NOT NULL PRIMARY KEY,
    owner      BLOB    NOT NULL REFERENCES users (id),
    parent_id  BLOB    REFERENCES notebooks (id),
    name       TEXT    NOT NULL,
    name_key   TEXT    NOT NULL,
    position   INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

CREATE INDEX notebooks_by_owner ON notebooks (owner, position, id);
CREATE INDEX notebooks_by_name ON notebooks (parent_id, owner, name_key);
CREATE INDEX notebooks_by_place ON notebooks (parent_id, owner, position, id);

-- `tags` repeats the names of `note_tags` (sorted, one a line), so that reading a note is one row. `excerpt` saves lists from
-- reading bodies; the body stands last, behind everything that lists read.
CREATE TABLE notes (
    id            BLOB    NOT NULL PRIMARY KEY,
    owner         BLOB    NOT NULL REFERENCES users (id),
    title         TEXT    NOT NULL,
    title_key     TEXT    NOT NULL,
    title_derived INTEGER NOT NULL,
    tags          TEXT    NOT NULL,
    notebook_id   BLOB    REFERENCES notebooks (id),
    pinned        INTEGER NOT NULL,
    state         INTEGER NOT NULL CHECK (state IN (0, 1, 2)),
    former_state  INTEGER NOT NULL CHECK (former_state IN (0, 1)),
    version       BLOB    NOT NULL,
    seq           INTEGER NOT NULL,
    created_at    INTEGER NOT NULL,
    updated_at    INTEGER NOT NULL,
    trashed_at    INTEGER,
    excerpt       TEXT    NOT NULL,
    body          TEXT    NOT NULL
) STRICT;

-- One for each order of a list; a notebook's and the pinned notes have their own, so that a short list within many notes is not
-- found by passing all the others. A note in no notebook and not pinned stands in the first three alone.
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
    id       BLOB    NOT NULL PRIMARY KEY,
    owner    BLOB    NOT NULL REFERENCES users (id),
    name     TEXT    NOT NULL,
    name_key TEXT    NOT NULL,
    notes    INTEGER NOT NULL,
    UNIQUE (owner, name_key)
) STRICT;

CREATE TABLE note_tags (
    tag_id  BLOB NOT NULL REFERENCES tags (id),
    note_id BLOB NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    PRIMARY KEY (tag_id, note_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX note_tags_by_note ON note_tags (note_id, tag_id);

-- The change log. No content: who may see what changed is asked of the store when the change is followed.
CREATE TABLE changes (
    seq     INTEGER PRIMARY KEY,
    kind    TEXT NOT NULL,
    id      BLOB NOT NULL,
    owner   BLOB NOT NULL,
    op      TEXT NOT NULL,
    version BLOB
) STRICT;

CREATE INDEX changes_by_owner ON changes (owner, seq);

CREATE TABLE idempotency_keys (
    owner      BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    route      TEXT    NOT NULL,
    key        TEXT    NOT NULL,
    request    BLOB    NOT NULL,
    location   TEXT    NOT NULL,
    etag       TEXT,
    change     INTEGER NOT NULL,
    body       BLOB    NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (owner, route, key)
) STRICT;

CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

-- What an import has already brought in: the identity is a hash of the file's place and content.
CREATE TABLE imports (
    owner    BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    identity BLOB NOT NULL,
    note_id  BLOB NOT NULL REFERENCES notes (id) ON DELETE CASCADE,
    PRIMARY KEY (owner, identity)
) STRICT, WITHOUT ROWID;

CREATE INDEX imports_by_note ON imports (note_id);
