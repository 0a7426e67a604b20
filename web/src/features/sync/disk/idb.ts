/**
 * Keeps notes and drafts in this browser's IndexedDB, one database for each person and store.
 *
 * Owns the schema and its upgrades, and what happens when the browser will not write: the draft is then held in this tab's
 * memory, laid over the database, until a later write succeeds. What a reader would get wrong: every step reads and writes in
 * one transaction, and between its reads and its writes nothing else may be awaited, or the transaction ends early.
 */
import { type DBSchema, deleteDB, type IDBPDatabase, openDB } from "idb";
import type { Draft, Kept, Rescue, Stored } from "../model";
import { applied, type Disk, isNewer, type Writes } from "./disk";
import { MemoryDisk } from "./memory";
import { Shelf } from "./shelf";

const VERSION = 1;
/** How often a write waits until the system says that it is on the disk itself, against a power cut. */
const STRICT_EVERY = 1_000;

interface Schema extends DBSchema {
  notes: { key: string; value: Kept; indexes: { place: [string, string]; age: [number, number] } };
  drafts: { key: string; value: Draft };
  rescues: { key: [string, string, number]; value: Rescue };
  meta: { key: string; value: unknown };
}

function upgrade(db: IDBPDatabase<Schema>, from: number): void {
  if (from < 1) {
    const notes = db.createObjectStore("notes", { keyPath: "id" });
    notes.createIndex("place", ["note.state", "note.updated_at"]);
    notes.createIndex("age", ["at", "size"]);
    db.createObjectStore("drafts", { keyPath: "id" });
    db.createObjectStore("rescues", { keyPath: ["tab", "id", "mark"] });
    db.createObjectStore("meta");
  }
}

export interface IdbOptions {
  now(): number;
  /** What the person is told when the browser keeps nothing. */
  reasons: { full: string; blocked: string; outdated: string };
  /** A newer app wants the database: the last chance to write. */
  onOutdated(): void;
}

/** Opens the database; where there is none to be had, memory takes its place. */
export async function openDisk(name: string, options: IdbOptions): Promise<Disk> {
  const disk = new IdbDisk(name, options);
  try {
    await disk.open();
    return disk;
  } catch {
    return new MemoryDisk(options.reasons.blocked);
  }
}

export class IdbDisk implements Disk {
  outdated = false;
  private db: IDBPDatabase<Schema> | undefined;
  private opening: Promise<IDBPDatabase<Schema>> | undefined;
  private closed = false;
  private strictAt = 0;
  /** What could not be written. */
  private readonly over: MemoryDisk;
  private readonly shelf: Shelf;

  constructor(
    private readonly name: string,
    private readonly options: IdbOptions,
  ) {
    this.over = new MemoryDisk(options.reasons.full);
    this.shelf = new Shelf(name);
  }

  open(): Promise<IDBPDatabase<Schema>> {
    if (this.closed || this.outdated) return Promise.reject(new Error("the database is closed"));
    if (this.db) return Promise.resolve(this.db);
    this.opening ??= openDB<Schema>(this.name, VERSION, {
      upgrade,
      blocking: (_version, wanted) => this.yieldUp(wanted),
      terminated: () => {
        this.db = undefined;
      },
    })
      .then((db) => {
        this.db = db;
        return db;
      })
      .finally(() => {
        this.opening = undefined;
      });
    return this.opening;
  }

  async change(id: string, decide: (stored: Stored) => Writes | undefined): Promise<Stored> {
    try {
      const stored = await this.retried((db) => this.step(db, id, decide));
      this.over.forget(id);
      return stored;
    } catch {
      // The overlay begins with what the database has, if it can still be read.
      if (!this.over.has(id)) {
        const below = await this.below(id);
        this.over.step(id, () => ({ draft: below.draft ?? null, kept: below.kept ?? null }));
      }
      return this.over.step(id, decide);
    }
  }

  private async step(
    db: IDBPDatabase<Schema>,
    id: string,
    decide: (stored: Stored) => Writes | undefined,
  ): Promise<Stored> {
    const tx = db.transaction(["drafts", "notes", "rescues"], "readwrite", { durability: this.durability() });
    const [drafts, notes] = [tx.objectStore("drafts"), tx.objectStore("notes")];
    try {
      const [draft, kept] = await Promise.all([drafts.get(id), notes.get(id)]);
      // What is only in memory is newer than the database, which refused it.
      const stored = this.over.has(id) ? this.over.peek(id) : { draft, kept };
      const writes = decide(stored);
      const after = applied(stored, writes);
      const all = writes || this.over.has(id);
      if (all && after.draft !== draft) void (after.draft ? drafts.put(after.draft) : drafts.delete(id));
      if (all && after.kept !== kept) void (after.kept ? notes.put(after.kept) : notes.delete(id));
      for (const more of writes?.more ?? []) void drafts.put(more);
      if (writes?.rescued) {
        const { tab, mark } = writes.rescued;
        // Only up to this batch: a later one may have been rescued while this step was waiting for its turn.
        void tx.objectStore("rescues").delete(IDBKeyRange.bound([tab, id, 0], [tab, id, mark]));
      }
      await tx.done;
      if (writes?.rescued) this.shelf.drop(writes.rescued.tab, id, writes.rescued.mark);
      return after;
    } catch (error) {
      // Whatever was written in it is taken back as a whole.
      if (tx.error === null) safely(() => tx.abort());
      await tx.done.catch(() => undefined);
      throw error;
    }
  }

  async read(id: string): Promise<Stored> {
    return this.over.has(id) ? this.over.peek(id) : this.below(id);
  }

  async drafts(): Promise<Draft[]> {
    const below = await this.retried((db) => db.getAll("drafts")).catch(() => []);
    const over = await this.over.drafts();
    return [...below.filter(({ id }) => !this.over.has(id)), ...over];
  }

  rescue(rescues: Rescue[]): void {
    const left = rescues.filter((rescue) => !this.shelf.put(rescue));
    if (left.length === 0) return;
    safely(() => {
      const tx = this.db?.transaction("rescues", "readwrite");
      for (const rescue of left) void tx?.store.put(rescue).catch(() => undefined);
      void tx?.done.catch(() => undefined);
      // Not left to the page's last moments.
      tx?.commit();
    });
  }

  async rescues(): Promise<Rescue[]> {
    const here = await this.retried((db) => db.getAll("rescues")).catch(() => []);
    const all = [...here, ...this.shelf.all()].sort((a, b) => a.mark - b.mark);
    return [...new Map(all.map((rescue) => [`${rescue.tab} ${rescue.id}`, rescue])).values()];
  }

  async scan(state: string, take: (kept: Kept) => boolean): Promise<void> {
    await this.retried(async (db) => {
      const range = IDBKeyRange.bound([state, ""], [state, "\uffff"]);
      let cursor = await db.transaction("notes").store.index("place").openCursor(range, "prev");
      while (cursor && take(cursor.value)) cursor = await cursor.continue();
    }).catch(() => undefined);
  }

  async keep(all: Kept[], readAt: number): Promise<void> {
    await this.retried(async (db) => {
      const tx = db.transaction("notes", "readwrite", { durability: "relaxed" });
      const there = await Promise.all(all.map(({ id }) => tx.store.get(id)));
      all.forEach((kept, at) => {
        if (!isNewer(there[at], readAt)) void tx.store.put(kept);
      });
      await tx.done;
    }).catch(() => undefined);
  }

  async evict(most: { notes: number; size: number }): Promise<void> {
    await this.retried(async (db) => {
      const tx = db.transaction(["notes", "drafts"], "readwrite", { durability: "relaxed" });
      const drafted = new Set(await tx.objectStore("drafts").getAllKeys());
      let [notes, size] = [0, 0];
      let cursor = await tx.objectStore("notes").index("age").openKeyCursor(null, "prev");
      for (; cursor; cursor = await cursor.continue()) {
        notes++;
        size += cursor.key[1];
        const id = cursor.primaryKey;
        if ((notes > most.notes || size > most.size) && !drafted.has(id)) void tx.objectStore("notes").delete(id);
      }
      await tx.done;
    }).catch(() => undefined);
  }

  async meta<T>(key: string): Promise<T | undefined> {
    return (await this.retried((db) => db.get("meta", key)).catch(() => undefined)) as T | undefined;
  }

  async setMeta(key: string, value: unknown): Promise<void> {
    await this.retried((db) => db.put("meta", value, key)).catch(() => undefined);
  }

  unkept(id: string): string | undefined {
    return this.over.unkept(id) && (this.outdated ? this.options.reasons.outdated : this.options.reasons.full);
  }

  close(): void {
    this.closed = true;
    this.db?.close();
  }

  async destroy(): Promise<void> {
    this.close();
    this.shelf.clear();
    await deleteDB(this.name);
  }

  private async below(id: string): Promise<Stored> {
    return this.retried(async (db) => {
      const tx = db.transaction(["drafts", "notes"]);
      const [draft, kept] = await Promise.all([tx.objectStore("drafts").get(id), tx.objectStore("notes").get(id)]);
      return { draft, kept };
    }).catch(() => ({}));
  }

  /** A browser may close a connection by itself: once more with a fresh one. */
  private async retried<T>(task: (db: IDBPDatabase<Schema>) => Promise<T>): Promise<T> {
    const db = await this.open();
    try {
      return await task(db);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "InvalidStateError")) throw error;
      if (this.db === db) this.db = undefined;
      return task(await this.open());
    }
  }

  private durability(): IDBTransactionDurability {
    const now = this.options.now();
    if (now - this.strictAt < STRICT_EVERY) return "relaxed";
    this.strictAt = now;
    return "strict";
  }

  /** `wanted`: the version that another tab wants to open; `null`: it wants to delete all, after signing out. */
  private yieldUp(wanted: number | null): void {
    if (wanted !== null) {
      // Closing waits for what was begun.
      this.options.onOutdated();
      this.outdated = true;
    }
    this.db?.close();
    this.db = undefined;
  }
}

function safely(act: () => void): void {
  try {
    act();
  } catch {
    // The connection is closed or the browser refuses; the caller has another way.
  }
}
