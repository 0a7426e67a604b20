/**
 * What the rest of the app knows of saving: the content of a note, how its saving stands, and what can be asked for.
 *
 * `sync/` owns drafts, the queue, merging and the caches for reading offline. It leaves showing all that to `notes/`.
 */
import type { Note } from "@/shared/api/client";
import type { Problem } from "@/shared/api/problem";

/** What a person can change of a note. */
export interface Content {
  /** `null`: derived from the first heading or line by the server. */
  title: string | null;
  /** Byte for byte, line ends included. */
  body: string;
  tags: string[];
  notebook_id: string | null;
  pinned: boolean;
  state: "active" | "archived";
}

/** How the saving of one note stands. Said in words by `notes/`. */
export type Saving =
  /** The server has acknowledged all of it. */
  | { kind: "saved" }
  /** Kept on this device; a save follows or is under way. */
  | { kind: "device" }
  /** Kept on this device; the server cannot be reached. `at`: when it is tried again, milliseconds since 1970. */
  | { kind: "offline"; at: number }
  /** Kept on this device; the server answered that it cannot now (busy, disk full). */
  | { kind: "retrying"; at: number; problem: Problem }
  /** Kept on this device; the server will not take it as it is (too large, a broken rule). Nothing is tried until it changes. */
  | { kind: "refused"; problem: Problem }
  /** Kept on this device until somebody signs in again. */
  | { kind: "signed-out" }
  /** Both sides changed the same place; nothing is sent until the person decides. */
  | { kind: "conflict"; base: Content; mine: Content; theirs: Content }
  /** It was deleted elsewhere while it was edited here. */
  | { kind: "gone"; how: "trashed" | "purged" }
  /** This browser keeps nothing (private window, full disk): the text is in this tab alone until the server has it. */
  | { kind: "unkept"; reason: string };

/** One note as this device sees it: the server's last word with what was changed here on top. */
export interface LocalNote {
  id: string;
  content: Content;
  /** The server's last word; `null` for a note that was made here and is not acknowledged yet. */
  server: Note | null;
  /** Where it lies: the trash is no content, since a note in it cannot be edited. */
  trashed: boolean;
  /** Since when, RFC 3339. */
  trashed_at: string | null;
  saving: Saving;
}

/** What `useNote` knows. */
export type NoteStatus =
  | { status: "loading" }
  | { status: "ready"; note: LocalNote }
  /** There is no such note, on the server or here. */
  | { status: "missing" }
  /** It could not be read and is not on this device. */
  | { status: "failed"; error: unknown };

/** Why the text of an open note changed without its editor: the editor takes it over and keeps the cursor. */
export type Cause = "other-tab" | "server" | "merge" | "resolved";

/** How all of it stands, for the foot of the sidebar. */
export interface SyncState {
  /** Whether the server answered last time; `navigator.onLine` is only a hint. */
  reachable: boolean;
  signedOut: boolean;
  /** Notes with something that the server has not acknowledged. */
  pending: number;
  /** Those of them that wait for the person: conflict, refused, gone. Their ids. */
  attention: string[];
  /** When the server is tried again, milliseconds since 1970; `null` while it is reachable or nobody is signed in. */
  retryAt: number | null;
  /** Why something typed is in this tab alone, if it is: leaving the page would lose it. */
  unkept: string | null;
  /** Another tab runs a newer version of the app: this one has to be loaded again. */
  outdated: boolean;
}

/** Which of the notes on this device are wanted. */
export interface CachedFilter {
  /** Absent: the active ones. */
  states?: readonly Note["state"][];
  /** Asked of each note, with its text. What a search means is `search/`'s. */
  fits?: (note: Note) => boolean;
  limit?: number;
}

/** `close({ wipe: true })` was refused: this many notes are not on the server. */
export class Unsent extends Error {
  override readonly name = "Unsent";
  constructor(readonly count: number) {
    super(`${count} notes are not on the server`);
  }
}

/** The door of `sync/`: one for each signed-in person and store, handed down by `SyncProvider`. */
export interface Sync {
  /** Observes one note; `subscribe` and `get` fit `useSyncExternalStore`. Opening it loads it, from this device first. */
  note(id: string): { subscribe(listener: () => void): () => void; get(): NoteStatus };
  /** Tells an open editor that its text was changed by something else. */
  onText(id: string, listener: (body: string, cause: Cause) => void): () => void;
  /**
   * Makes a note: it exists at once, on this device, under its final id (UUIDv7), and is sent when possible. `id` only for
   * one that was drawn before.
   */
  create(content?: Partial<Content>, id?: string): string;
  /** Changes fields at once; the draft is written with the next batch, the save follows by itself. */
  edit(id: string, change: Partial<Omit<Content, "body">>): void;
  /** The text was typed into. `read` gives all of it, and is asked once per batch, not once per key. */
  typed(id: string, read: () => string): void;
  /** Does not wait for the pause after typing. Resolves when the server has it or cannot be had. */
  saveNow(id: string): Promise<void>;
  /** To the trash, with an answer even when offline. */
  trash(id: string): Promise<void>;
  restore(id: string): Promise<void>;
  /** For ever; needs the server. */
  purge(id: string): Promise<void>;
  /** Decides a conflict. `both` keeps theirs under this id and mine as a note of its own, whose id it returns. */
  resolve(id: string, choice: "mine" | "theirs" | "both"): Promise<string | undefined>;
  /** After "gone": what was written here becomes a note of its own (its id), or is dropped. */
  keepAsNew(id: string): Promise<string>;
  discard(id: string): Promise<void>;
  /** How all of it stands; fits `useSyncExternalStore`. */
  readonly state: { subscribe(listener: () => void): () => void; get(): SyncState };
  /** Lists of what is on this device, newest first, for reading offline. */
  cached(filter: CachedFilter): Promise<Note[]>;
  /** Does not wait for a pause: the server, or one note's save, is tried now. */
  tryNow(): void;
  /** Tries to bring everything to the server; how many notes are still unsent then. To be asked before signing out. */
  saveAll(): Promise<number>;
  /** Somebody signed in again. Goes on if it is the same person; otherwise `false`, and nothing is sent. */
  resume(): Promise<boolean>;
  /**
   * Signing out: waits for no server; `wipe` forgets what this device keeps. While something is unsent it rejects with
   * `Unsent` and changes nothing, unless forced.
   */
  close(options: { wipe: boolean; force?: boolean }): Promise<void>;
}
