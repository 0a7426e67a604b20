/**
 * The seam between saving and the device: one atomic step over what is kept of a note.
 *
 * Owns the interface alone. `idb.ts` keeps it in the browser, `memory.ts` in this tab (private windows, and tests). What a
 * reader would get wrong: `decide` must be a plain function of what is stored. It runs inside a transaction, so whatever
 * other tabs wrote before is seen, and nothing they write can fall in between.
 */
import type { Draft, Kept, Rescue, Stored } from "../model";

/** What a step writes. Absent stays as it is, `null` is deleted. */
export interface Writes {
  draft?: Draft | null;
  kept?: Kept | null;
  /** Drafts of other notes, made in the same step. */
  more?: Draft[];
  /** The rescued batches that it makes needless: of that tab, up to that mark. */
  rescued?: { tab: string; mark: number };
}

export interface Disk {
  /** Reads, decides and writes as one; answers what is stored then. Never fails: what cannot be written is held in memory. */
  change(id: string, decide: (stored: Stored) => Writes | undefined): Promise<Stored>;
  read(id: string): Promise<Stored>;
  drafts(): Promise<Draft[]>;
  /** Starts writing at once and without reading, while the page goes away. */
  rescue(rescues: Rescue[]): void;
  /** The last of each tab and note. */
  rescues(): Promise<Rescue[]>;
  /** The server's words in that state, latest change first, until `take` answers false. */
  scan(state: "active" | "archived" | "trashed", take: (kept: Kept) => boolean): Promise<void>;
  /** Writes what is not newer here. */
  keep(kept: Kept[], readAt: number): Promise<void>;
  /** Forgets the longest unused beyond the caps; never one with a draft. */
  evict(most: { notes: number; size: number }): Promise<void>;
  meta<T>(key: string): Promise<T | undefined>;
  setMeta(key: string, value: unknown): Promise<void>;
  /** Why the device does not keep that note's draft, if so. */
  unkept(id: string): string | undefined;
  /** Another tab has taken the database for a newer version of the app. */
  readonly outdated: boolean;
  close(): void;
  /** Forgets everything and closes. */
  destroy(): Promise<void>;
}

/** `Stored` with the writes of a step in it. */
export const applied = (stored: Stored, writes: Writes | undefined): Stored => ({
  draft: writes?.draft === null ? undefined : (writes?.draft ?? stored.draft),
  kept: writes?.kept === null ? undefined : (writes?.kept ?? stored.kept),
});

/** Whether what is stored came after a reading that began then. */
export const isNewer = (stored: Kept | undefined, readAt: number): boolean =>
  stored !== undefined && stored.at > readAt;
