-- A key of an authenticator (WebAuthn): the account's second factor, and a way in without a password. `credential` is the public key and
-- what is known of the authenticator, as JSON; `counter` is how often it says it has signed, so that a copy shows.
CREATE TABLE passkeys (
    id            BYTEA   NOT NULL PRIMARY KEY,
    user_id       BYTEA   NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential_id BYTEA   NOT NULL UNIQUE,
    credential    TEXT COLLATE "C" NOT NULL,
    counter       BIGINT  NOT NULL,
    name          TEXT COLLATE "C" NOT NULL,
    created_at    BIGINT  NOT NULL,
    last_used_at  BIGINT 
);

CREATE INDEX passkeys_by_user ON passkeys (user_id, created_at, id);

-- Ceremonies that somebody was let in by, so that what was signed lets nobody in again. A row goes when the ceremony would have been too
-- old anyway.
CREATE TABLE spent_ceremonies (
    hash       BYTEA   NOT NULL PRIMARY KEY,
    expires_at BIGINT  NOT NULL
);

CREATE INDEX spent_ceremonies_by_expiry ON spent_ceremonies (expires_at);
