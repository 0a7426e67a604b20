-- What somebody looks for again and again. `query` is the text of the search; `state` (as in `notes`), `tag`, `notebook_id`, `pinned` and
-- `year` are the filters beside it, null where there is none. A notebook that has gone leaves its search as it is: it finds nothing.
CREATE TABLE saved_searches (
    id          BLOB    NOT NULL PRIMARY KEY,
    owner       BLOB    NOT NULL REFERENCES users (id),
    name        TEXT    NOT NULL,
    name_key    TEXT    NOT NULL,
    query       TEXT    NOT NULL,
    state       INTEGER CHECK (state IN (0, 1, 2)),
    tag         TEXT,
    notebook_id BLOB,
    pinned      INTEGER CHECK (pinned IN (0, 1)),
    year        INTEGER,
    sort        TEXT    CHECK (sort IN ('relevance', 'updated', 'created')),
    exact       INTEGER NOT NULL CHECK (exact IN (0, 1)),
    position    INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    updated_at  INTEGER NOT NULL,
    UNIQUE (owner, name_key)
) STRICT;

CREATE INDEX saved_searches_by_place ON saved_searches (owner, position, id);
