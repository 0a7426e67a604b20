-- A checksum of a note's title and text, kept when they are written and compared whenever the text is read, so that a damaged page
-- never passes for what somebody wrote. NULL until it is summed up: notes of earlier versions are, a little later.
ALTER TABLE notes ADD COLUMN text_sum INTEGER;

CREATE INDEX notes_unsummed ON notes (id) WHERE text_sum IS NULL;
