-- Whoever vouches for people: a provider of OpenID Connect. `sealed` is the client's secret (empty: it has none), `settings` what people
-- may do who come from there, as JSON. An issuer is one provider's, so that an identity leads to one account.
CREATE TABLE sso_providers (
    id         BYTEA   NOT NULL PRIMARY KEY,
    slug       TEXT COLLATE "C" NOT NULL UNIQUE,
    name       TEXT COLLATE "C" NOT NULL,
    preset     TEXT COLLATE "C" NOT NULL,
    issuer     TEXT COLLATE "C" NOT NULL UNIQUE,
    client_id  TEXT COLLATE "C" NOT NULL,
    sealed     BYTEA   NOT NULL,
    settings   TEXT COLLATE "C" NOT NULL,
    enabled    BIGINT NOT NULL CHECK (enabled IN (0, 1)),
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Who an account's owner is elsewhere: the subject of an issuer, and nothing else. `email` is what the issuer said last, to tell
-- identities apart.
CREATE TABLE identities (
    id           BYTEA   NOT NULL PRIMARY KEY,
    user_id      BYTEA   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    issuer       TEXT COLLATE "C" NOT NULL,
    subject      TEXT COLLATE "C" NOT NULL,
    email        TEXT COLLATE "C",
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    UNIQUE (issuer, subject)
);

CREATE INDEX identities_by_user ON identities (user_id, created_at, id);

-- The provider that a session came from, and what it said then, sealed: to sign out there as well.
ALTER TABLE sessions ADD COLUMN provider_id BYTEA;
ALTER TABLE sessions ADD COLUMN id_token BYTEA;
