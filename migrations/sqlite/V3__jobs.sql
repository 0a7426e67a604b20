-- Work that outlives the request that asked for it. A row is claimed by a worker for the time of a lease, which the worker renews;
-- a lease that has run out is anybody's again. `owner` is whose work it is; the house's own has none. `schedule` names the
-- schedule that a job came from, so that one is not started while its predecessor still waits or runs.
CREATE TABLE jobs (
    id          BLOB    NOT NULL PRIMARY KEY,
    owner       BLOB    REFERENCES users (id) ON DELETE CASCADE,
    kind        TEXT    NOT NULL,
    schedule    TEXT,
    payload     TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    due_at      INTEGER NOT NULL,
    attempts    INTEGER NOT NULL,
    lease       BLOB,
    leased_till INTEGER,
    done        INTEGER NOT NULL,
    total       INTEGER,
    result      TEXT,
    error       TEXT,
    created_at  INTEGER NOT NULL,
    started_at  INTEGER,
    ended_at    INTEGER
) STRICT;

CREATE INDEX jobs_due ON jobs (due_at, id) WHERE state = 'queued';
CREATE INDEX jobs_leased ON jobs (leased_till, id) WHERE state = 'running';
CREATE INDEX jobs_ended ON jobs (state, ended_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX jobs_by_owner ON jobs (owner, created_at, id);
CREATE INDEX jobs_by_created ON jobs (created_at, id);

-- When what repeats is due next.
CREATE TABLE schedules (
    name    TEXT    NOT NULL PRIMARY KEY,
    due_at  INTEGER NOT NULL
) STRICT;

-- What is in the trash, the longest first: for purging what has lain there long enough, over all owners.
CREATE INDEX notes_by_trashed ON notes (trashed_at, id) WHERE state = 2;
