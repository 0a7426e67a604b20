-- What somebody looks for again and again. `query` is the text of the search; `state` (as in `notes`), `tag`, `notebook_id`, `pinned` and
-- `year` are the filters beside it, null where there is none. A notebook that has gone leaves its search as it is: it finds nothing.
CREATE TABLE saved_searches (
    id          BYTEA   NOT NULL PRIMARY KEY,
    owner       BYTEA   NOT NULL REFERENCES users (id),
    name        TEXT COLLATE "C" NOT NULL,
    name_key    TEXT COLLATE "C" NOT NULL,
    query       TEXT COLLATE "C" NOT NULL,
    state       BIGINT CHECK (state IN (0, 1, 2)),
    tag         TEXT COLLATE "C",
    notebook_id BYTEA,
    pinned      BIGINT CHECK (pinned IN (0, 1)),
    year        BIGINT,
    sort        TEXT COLLATE "C" CHECK (sort IN ('relevance', 'updated', 'created')),
    exact       BIGINT NOT NULL CHECK (exact IN (0, 1)),
    position    BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    UNIQUE (owner, name_key)
);

CREATE INDEX saved_searches_by_place ON saved_searches (owner, position, id);
