import type { Note } from "@/shared/api/client";

/** A note of a list, as the server gives it. */
export const listed = (id: string, change: Partial<Note> = {}): Note => ({
  id,
  title: `Note ${id}`,
  title_derived: true,
  excerpt: `Text of ${id}`,
  tags: [],
  notebook_id: null,
  pinned: false,
  state: "active",
  version: "1",
  created_at: "2026-03-01T09:30:00.000000Z",
  updated_at: "2026-03-02T09:30:00.000000Z",
  trashed_at: null,
  ...change,
});
