/**
 * A clock that is moved by hand, and browsers with tabs on it.
 *
 * Everything that waits (timers, requests, the disk of the random tests) waits on this clock; `run` lets it pass. Tabs of one
 * browser share disk, locks, channel and cookies, as real ones do. A crash drops a tab where it stands: its timers, its
 * requests' answers and its locks go with it.
 */
import { Problem } from "@/shared/api/problem";
import type { Disk } from "../disk/disk";
import { MemoryDisk } from "../disk/memory";
import type { Effects, Word } from "../effects";
import { Engine } from "../engine";
import { shownTitle } from "../library";
import type { Rescue } from "../model";
import { everySoOften, type Pulse } from "../pulse";
import type { Content } from "../types";
import { FakeServer } from "./server";

interface Event {
  at: number;
  order: number;
  run: () => void;
}

/** mulberry32: small, fast and the same everywhere. */
export function dice(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Lets everything that waits for nothing happen. */
export const settle = (): Promise<void> => new Promise((done) => setImmediate(done));

export class World {
  time = Date.parse("2026-03-01T09:00:00Z");
  readonly random: () => number;
  readonly server: FakeServer;
  private events: Event[] = [];
  private order = 0;
  private working = 0;

  constructor(seed = 1) {
    this.random = dice(seed);
    this.server = new FakeServer(() => this.time);
  }

  after(ms: number, run: () => void): () => void {
    const event = { at: this.time + ms, order: this.order++, run };
    this.events.push(event);
    return () => {
      this.events = this.events.filter((other) => other !== event);
    };
  }

  /** Resolves when that much time has passed on this clock. */
  wait(ms: number): Promise<void> {
    return new Promise((done) => void this.after(ms, done));
  }

  /** A real database works outside this clock: the clock stands still while it does. */
  counted(disk: Disk, tab: Tab): Disk {
    return new Proxy(disk, {
      get: (target, name) => {
        const member = Reflect.get(target, name, target) as unknown;
        if (typeof member !== "function") return member;
        return (...args: unknown[]) => {
          const result = Reflect.apply(member, target, args) as unknown;
          if (!(result instanceof Promise)) return result;
          this.working++;
          const done = result.finally(() => {
            this.working--;
          });
          return tab.guard(done);
        };
      },
    });
  }

  private async still(): Promise<void> {
    do await settle();
    while (this.working > 0);
  }

  /** Lets time pass, event by event. */
  async run(ms: number): Promise<void> {
    const end = this.time + ms;
    await this.still();
    for (;;) {
      const next = this.events.reduce<Event | undefined>(
        (first, event) =>
          event.at <= end && (!first || event.at < first.at || (event.at === first.at && event.order < first.order))
            ? event
            : first,
        undefined,
      );
      if (!next) break;
      this.events = this.events.filter((event) => event !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
      await this.still();
    }
    this.time = end;
  }
}

type Listener = (word: Word) => void;

type Locks = Map<string, { holder: Tab; queue: { tab: Tab; enter: () => void }[] }>;

/** What the tabs of one browser share. */
export class Browser {
  readonly tabs = new Set<Tab>();
  readonly locks: Locks = new Map();
  secure = true;
  whose: string | undefined;
  /** When its tabs look for changes. */
  pulse: (tab: Tab, effects: Effects) => Pulse = (_, effects) => everySoOften(effects);
  /** How wrong its clock is, and whether it has seen the server's. */
  skew = 0;
  /** From the beginning of a page to its engine. */
  loading = 0;
  met = false;

  constructor(
    readonly world: World,
    readonly disk: (tab: Tab) => Disk = (
      (disk: Disk) => () =>
        disk
    )(new MemoryDisk()),
  ) {}

  /** A request of this browser, with its cookies. */
  async asks(ask: (...args: never[]) => Promise<unknown>, args: never[]): Promise<unknown> {
    try {
      const answer = await ask(...args);
      this.met = true;
      return answer;
    } catch (error) {
      if (error instanceof Problem) this.met = true;
      throw error;
    }
  }

  async open(user = "ann", heritage: Rescue[] = []): Promise<Tab> {
    const tab = new Tab(this, user);
    this.tabs.add(tab);
    await tab.start(heritage);
    return tab;
  }
}

let tabs = 0;

export class Tab {
  engine!: Engine;
  visible = true;
  alive = true;
  readonly name = `tab${++tabs}`;
  readonly changes: [string, string[]][] = [];
  readonly listeners: Listener[] = [];
  private readonly own: Locks = new Map();
  private readonly pageListeners: [string, () => void][] = [];

  constructor(
    readonly browser: Browser,
    readonly user: string,
  ) {}

  async start(heritage: Rescue[]): Promise<void> {
    this.browser.whose = this.user;
    const effects = this.effects();
    this.engine = new Engine({ name: this.user, user: this.user, tab: this.name }, this.browser.disk(this), effects);
    void this.engine.begin(this.browser.pulse(this, effects), heritage);
  }

  /** What the page hears. */
  fire(event: "show" | "hide" | "online"): void {
    if (event !== "online") this.visible = event === "show";
    for (const [name, listener] of this.pageListeners) if (name === event) listener();
  }

  /** The process dies: nothing of it runs any more. */
  crash(): void {
    this.alive = false;
    this.browser.tabs.delete(this);
    for (const [name, lock] of this.browser.locks) {
      lock.queue = lock.queue.filter(({ tab }) => tab !== this);
      if (lock.holder === this) this.pass(this.browser.locks, name);
    }
  }

  /** Answers only to the living: the rest of a dead tab's code never runs. */
  guard<T>(promise: Promise<T>): Promise<T> {
    return new Promise((done, fail) => {
      promise.then(
        (value) => this.alive && done(value),
        (error) => this.alive && fail(error),
      );
    });
  }

  private pass(locks: Locks, name: string): void {
    const lock = locks.get(name);
    const next = lock?.queue.shift();
    if (lock && next) {
      lock.holder = next.tab;
      next.enter();
    } else locks.delete(name);
  }

  private async lock<T>(name: string, task: () => Promise<T>): Promise<T> {
    // Plain HTTP has no locks between tabs, only those within one.
    const locks = this.browser.secure ? this.browser.locks : this.own;
    if (!this.alive) await new Promise(() => {});
    const held = locks.get(name);
    if (held) await new Promise<void>((enter) => held.queue.push({ tab: this, enter }));
    else locks.set(name, { holder: this, queue: [] });
    try {
      return await task();
    } finally {
      this.pass(locks, name);
    }
  }

  private effects(): Effects {
    const { world } = this.browser;
    const { api } = world.server;
    const guarded = Object.fromEntries(
      Object.entries(api).map(([name, ask]) => [
        name,
        (...args: never[]) => this.guard(this.browser.asks(ask as (...args: never[]) => Promise<unknown>, args)),
      ]),
    ) as unknown as Effects["api"];
    return {
      now: () => world.time + this.browser.skew,
      began: world.time + this.browser.skew - this.browser.loading,
      serverNow: () => world.time + (this.browser.met ? 0 : this.browser.skew),
      random: world.random,
      after: (ms, run) => world.after(ms, () => this.alive && run()),
      idle: () => {},
      api: guarded,
      lock: (name, task) => this.lock(name, task),
      channel: {
        post: (word) => {
          for (const tab of this.browser.tabs) {
            if (tab !== this) for (const listener of tab.listeners) world.after(1, () => tab.alive && listener(word));
          }
        },
        listen: (listener) => void this.listeners.push(listener),
        close: () => this.listeners.splice(0),
      },
      page: {
        visible: () => this.visible,
        listen: (event, listener) => void this.pageListeners.push([event, listener]),
        close: () => this.pageListeners.splice(0),
      },
      whose: {
        get: () => this.browser.whose,
        set: (user) => {
          this.browser.whose = user;
        },
      },
      persist: () => {},
      copyTitle: (content: Content) => `${shownTitle(content)} (my copy)`,
      onChanged: (kind, ids) => void this.changes.push([kind, ids]),
    };
  }
}
