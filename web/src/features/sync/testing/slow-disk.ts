/**
 * A disk on the tests' clock: each step happens at some moment after it was asked for, and is answered at some later one.
 *
 * Steps happen in the order in which they were asked for, as transactions over the same stores do. Between the two moments a
 * tab may die: the step has happened, and nobody knows.
 */
import type { Disk } from "../disk/disk";
import type { MemoryDisk } from "../disk/memory";
import type { World } from "./world";

export class SlowDisk implements Disk {
  readonly outdated = false;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly shared: MemoryDisk,
    private readonly world: World,
    private readonly alive: () => boolean,
  ) {}

  change: Disk["change"] = (id, decide) => this.slow(() => this.shared.change(id, decide));
  read: Disk["read"] = (id) => this.slow(() => this.shared.read(id));
  drafts: Disk["drafts"] = () => this.slow(() => this.shared.drafts());
  rescues: Disk["rescues"] = () => this.slow(() => this.shared.rescues());
  scan: Disk["scan"] = (state, take) => this.slow(() => this.shared.scan(state, take));
  keep: Disk["keep"] = (kept, readAt) => this.slow(() => this.shared.keep(kept, readAt));
  evict: Disk["evict"] = (most) => this.slow(() => this.shared.evict(most));
  meta: Disk["meta"] = <T>(key: string) => this.slow(() => this.shared.meta<T>(key));
  setMeta: Disk["setMeta"] = (key, value) => this.slow(() => this.shared.setMeta(key, value));
  destroy: Disk["destroy"] = () => this.shared.destroy();

  rescue: Disk["rescue"] = (rescues) => this.shared.rescue(structuredClone(rescues));

  unkept(): string | undefined {
    return undefined;
  }

  close(): void {}

  private slow<T>(act: () => Promise<T>): Promise<T> {
    const done = this.last.then(async () => {
      await this.world.wait(this.world.random() * 10);
      // What a dead process has not written yet is never written.
      if (!this.alive()) await new Promise(() => {});
      return act();
    });
    this.last = done;
    return done.then(async (result) => {
      await this.world.wait(this.world.random() * 10);
      if (!this.alive()) await new Promise(() => {});
      return result;
    });
  }
}
