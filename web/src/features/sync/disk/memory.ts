/**
 * Keeps notes and drafts in this tab's memory: where the browser keeps nothing, and in tests as the disk of several tabs.
 *
 * Nothing here survives the tab. `reason` is what the person is told then.
 */
import type { Draft, Kept, Rescue, Stored } from "../model";
import { applied, type Disk, isNewer, type Writes } from "./disk";

export class MemoryDisk implements Disk {
  private readonly draftsById = new Map<string, Draft>();
  private readonly keptById = new Map<string, Kept>();
  private readonly rescuesByKey = new Map<string, Rescue>();
  private readonly metas = new Map<string, unknown>();

  readonly outdated = false;

  constructor(private readonly reason: string | undefined = undefined) {}

  peek(id: string): Stored {
    return { draft: this.draftsById.get(id), kept: this.keptById.get(id) };
  }

  /** The step itself; synchronous, hence atomic. */
  step(id: string, decide: (stored: Stored) => Writes | undefined): Stored {
    const stored = this.peek(id);
    const writes = decide(stored);
    const after = applied(stored, writes);
    if (after.draft) this.draftsById.set(id, after.draft);
    else this.draftsById.delete(id);
    if (after.kept) this.keptById.set(id, after.kept);
    else this.keptById.delete(id);
    for (const draft of writes?.more ?? []) this.draftsById.set(draft.id, draft);
    if (writes?.rescued) {
      const key = `${writes.rescued.tab} ${id}`;
      if ((this.rescuesByKey.get(key)?.mark ?? 0) <= writes.rescued.mark) this.rescuesByKey.delete(key);
    }
    return after;
  }

  forget(id: string): void {
    this.draftsById.delete(id);
    this.keptById.delete(id);
  }

  has(id: string): boolean {
    return this.draftsById.has(id) || this.keptById.has(id);
  }

  get size(): number {
    return this.draftsById.size + this.keptById.size;
  }

  async change(id: string, decide: (stored: Stored) => Writes | undefined): Promise<Stored> {
    return this.step(id, decide);
  }

  async read(id: string): Promise<Stored> {
    return this.peek(id);
  }

  async drafts(): Promise<Draft[]> {
    return [...this.draftsById.values()];
  }

  rescue(rescues: Rescue[]): void {
    for (const rescue of rescues) this.rescuesByKey.set(`${rescue.tab} ${rescue.id}`, rescue);
  }

  async rescues(): Promise<Rescue[]> {
    return [...this.rescuesByKey.values()];
  }

  async scan(state: string, take: (kept: Kept) => boolean): Promise<void> {
    const all = [...this.keptById.values()].filter(({ note }) => note.state === state);
    all.sort((a, b) => (a.note.updated_at < b.note.updated_at ? 1 : -1));
    for (const kept of all) if (!take(kept)) return;
  }

  async keep(all: Kept[], readAt: number): Promise<void> {
    for (const kept of all) if (!isNewer(this.keptById.get(kept.id), readAt)) this.keptById.set(kept.id, kept);
  }

  async evict(most: { notes: number; size: number }): Promise<void> {
    let [notes, size] = [0, 0];
    for (const kept of [...this.keptById.values()].sort((a, b) => b.at - a.at)) {
      notes++;
      size += kept.size;
      if ((notes > most.notes || size > most.size) && !this.draftsById.has(kept.id)) this.keptById.delete(kept.id);
    }
  }

  async meta<T>(key: string): Promise<T | undefined> {
    return this.metas.get(key) as T | undefined;
  }

  async setMeta(key: string, value: unknown): Promise<void> {
    this.metas.set(key, value);
  }

  unkept(id: string): string | undefined {
    return this.draftsById.has(id) ? this.reason : undefined;
  }

  close(): void {}

  async destroy(): Promise<void> {
    for (const map of [this.draftsById, this.keptById, this.rescuesByKey, this.metas]) map.clear();
  }
}
