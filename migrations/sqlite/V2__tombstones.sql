-- A client may choose a note's id. Whether one is free is asked of the tombstones too, so that the id of a purged note never comes
-- back as another note; the index holds these alone and costs every other change nothing.
CREATE INDEX changes_tombstones ON changes (id) WHERE op = 'delete';
