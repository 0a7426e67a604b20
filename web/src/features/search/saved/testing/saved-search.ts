/** A saved search as the server gives it. */
import type { SavedSearch } from "../queries";

export const savedSearch = (id: string, name: string, more: Partial<SavedSearch> = {}): SavedSearch => ({
  id,
  name,
  query: name.toLowerCase(),
  state: null,
  tag: null,
  notebook_id: null,
  pinned: null,
  year: null,
  sort: null,
  exact: false,
  position: 0,
  created_at: "2026-03-01T09:30:00Z",
  updated_at: "2026-03-01T09:30:00Z",
  ...more,
});
