-- Whoever vouches for people: a provider of OpenID Connect. `sealed` is the client's secret (empty: it has none), `settings` what people
-- may do who come from there, as JSON. An issuer is one provider's, so that an identity leads to one account.
CREATE TABLE sso_providers (
    id         BLOB    NOT NULL PRIMARY KEY,
    slug       TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    preset     TEXT    NOT NULL,
    issuer     TEXT    NOT NULL UNIQUE,
    client_id  TEXT    NOT NULL,
    sealed     BLOB    NOT NULL,
    settings   TEXT    NOT NULL,
    enabled    INTEGER NOT NULL CHECK (enabled IN (0, 1)),
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) STRICT;

-- Who an account's owner is elsewhere: the subject of an issuer, and nothing else. `email` is what the issuer said last, to tell
-- identities apart.
CREATE TABLE identities (
    id           BLOB    NOT NULL PRIMARY KEY,
    user_id      BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    issuer       TEXT    NOT NULL,
    subject      TEXT    NOT NULL,
    email        TEXT,
    created_at   INTEGER NOT NULL,
    last_used_at INTEGER,
    UNIQUE (issuer, subject)
) STRICT;

CREATE INDEX identities_by_user ON identities (user_id, created_at, id);

-- The provider that a session came from, and what it said then, sealed: to sign out there as well.
ALTER TABLE sessions ADD COLUMN provider_id BLOB;
ALTER TABLE sessions ADD COLUMN id_token BLOB;
