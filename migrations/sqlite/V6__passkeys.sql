-- A key of an authenticator (WebAuthn): the account's second factor, and a way in without a password. `credential` is the public key and
-- what is known of the authenticator, as JSON; `counter` is how often it says it has signed, so that a copy shows.
CREATE TABLE passkeys (
    id            BLOB    NOT NULL PRIMARY KEY,
    user_id       BLOB    NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    credential_id BLOB    NOT NULL UNIQUE,
    credential    TEXT    NOT NULL,
    counter       INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    created_at    INTEGER NOT NULL,
    last_used_at  INTEGER
) STRICT;

CREATE INDEX passkeys_by_user ON passkeys (user_id, created_at, id);

-- Ceremonies that somebody was let in by, so that what was signed lets nobody in again. A row goes when the ceremony would have been too
-- old anyway.
CREATE TABLE spent_ceremonies (
    hash       BLOB    NOT NULL PRIMARY KEY,
    expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX spent_ceremonies_by_expiry ON spent_ceremonies (expires_at);
