/** A `Sync` of one note that does nothing by itself: tests say what it answers and read what it was asked for. */
import { vi } from "vitest";
import type { Cause, Content, LocalNote, NoteStatus, Sync, SyncState } from "@/features/sync/types";
import type { Note } from "@/shared/api/client";

export const content = (change: Partial<Content> = {}): Content => ({
  title: null,
  body: "# Packing\n\nRail pass",
  tags: [],
  notebook_id: null,
  pinned: false,
  state: "active",
  ...change,
});

export const ID = "019ca8bb-b5c0-7cf8-896b-abb0e20dc895";

export const serverNote = (change: Partial<Note> = {}): Note => ({
  id: ID,
  title: "Packing",
  title_derived: true,
  body: "# Packing\n\nRail pass",
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

export const localNote = (change: Partial<LocalNote> = {}): LocalNote => ({
  id: ID,
  content: content(),
  server: serverNote(),
  trashed: false,
  trashed_at: null,
  saving: { kind: "saved" },
  ...change,
});

const quiet: SyncState = {
  reachable: true,
  signedOut: false,
  pending: 0,
  attention: [],
  retryAt: null,
  unkept: null,
  outdated: false,
};

export function fakeSync(first: NoteStatus) {
  let status = first;
  const listeners = new Set<() => void>();
  const texts = new Set<(body: string, cause: Cause) => void>();
  const show = (next: NoteStatus) => {
    status = next;
    for (const listener of listeners) listener();
  };
  const sync = {
    note: () => ({
      subscribe: (listener: () => void) => {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
      get: () => status,
    }),
    onText: (_id: string, listener: (body: string, cause: Cause) => void) => {
      texts.add(listener);
      return () => texts.delete(listener);
    },
    create: vi.fn<Sync["create"]>(() => "new"),
    edit: vi.fn<Sync["edit"]>((_id, change) => {
      if (status.status !== "ready") return;
      show({ status: "ready", note: { ...status.note, content: { ...status.note.content, ...change } } });
    }),
    typed: vi.fn<Sync["typed"]>(),
    saveNow: vi.fn<Sync["saveNow"]>(async () => {}),
    trash: vi.fn<Sync["trash"]>(async () => {}),
    restore: vi.fn<Sync["restore"]>(async () => {}),
    purge: vi.fn<Sync["purge"]>(async () => {}),
    resolve: vi.fn<Sync["resolve"]>(async () => undefined),
    keepAsNew: vi.fn<Sync["keepAsNew"]>(async () => "kept"),
    discard: vi.fn<Sync["discard"]>(async () => {}),
    state: { subscribe: () => () => {}, get: () => quiet },
    cached: vi.fn<Sync["cached"]>(async () => []),
    tryNow: vi.fn<Sync["tryNow"]>(),
    saveAll: vi.fn<Sync["saveAll"]>(async () => 0),
    resume: vi.fn<Sync["resume"]>(async () => true),
    close: vi.fn<Sync["close"]>(async () => {}),
  } satisfies Sync;
  return {
    sync,
    show,
    /** A text from elsewhere. */
    bring: (body: string, cause: Cause) => {
      for (const listener of texts) listener(body, cause);
    },
  };
}
