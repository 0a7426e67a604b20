/**
 * The door of sync before its engine is there: the same `Sync`, small enough for the first chunk.
 *
 * Loads the engine and hands everything on; what is asked for before that waits. There is one for each person and store, for
 * as long as the page lives: it outlasts renders and ends by `close` alone.
 */
import { firstViewShown } from "@/shared/lib/first-view";
import { untilArrived } from "@/shared/lib/until-arrived";
import type { Effects } from "./effects";
import type { NoteStatus, Sync, SyncState } from "./types";
import { uuidv7 } from "./uuid";

const LOADING: NoteStatus = { status: "loading" };
const QUIET: SyncState = {
  reachable: true,
  signedOut: false,
  pending: 0,
  attention: [],
  retryAt: null,
  unkept: null,
  outdated: false,
};

type Observed<T> = { subscribe(listener: () => void): () => void; get(): T };

export function makeDoor(load: () => Promise<Sync>): Sync {
  let engine: Sync | undefined;
  const loaded = load().then((sync) => {
    engine = sync;
    return sync;
  });
  /** Observes through the door; the listener hears when the engine comes. */
  const through = <T>(of: (sync: Sync) => Observed<T>, before: T): Observed<T> => ({
    subscribe(listener) {
      let off: (() => void) | undefined;
      let over = false;
      const join = (sync: Sync) => {
        if (!over) off = of(sync).subscribe(listener);
      };
      if (engine) join(engine);
      else
        void loaded.then((sync) => {
          join(sync);
          if (!over) listener();
        });
      return () => {
        over = true;
        off?.();
      };
    },
    get: () => (engine ? of(engine).get() : before),
  });
  /** At once if it can be, else in order as soon as it can. */
  const pass = (act: (sync: Sync) => void): void => {
    if (engine) act(engine);
    else void loaded.then(act);
  };
  return {
    note: (id) => {
      let own: Observed<NoteStatus> | undefined;
      return through((sync) => {
        own ??= sync.note(id);
        return own;
      }, LOADING);
    },
    onText: (id, listener) => {
      let [off, over] = [() => {}, false];
      pass((sync) => {
        if (!over) off = sync.onText(id, listener);
      });
      return () => {
        over = true;
        off();
      };
    },
    create: (content, id = uuidv7()) => {
      pass((sync) => sync.create(content, id));
      return id;
    },
    edit: (id, change) => pass((sync) => sync.edit(id, change)),
    typed: (id, read) => pass((sync) => sync.typed(id, read)),
    saveNow: async (id) => (await loaded).saveNow(id),
    trash: async (id) => (await loaded).trash(id),
    restore: async (id) => (await loaded).restore(id),
    purge: async (id) => (await loaded).purge(id),
    resolve: async (id, choice) => (await loaded).resolve(id, choice),
    keepAsNew: async (id) => (await loaded).keepAsNew(id),
    discard: async (id) => (await loaded).discard(id),
    state: through((sync) => sync.state, QUIET),
    cached: async (filter) => (await loaded).cached(filter),
    tryNow: () => pass((sync) => sync.tryNow()),
    saveAll: async () => (await loaded).saveAll(),
    resume: async () => (await loaded).resume(),
    close: async (options) => (await loaded).close(options),
  };
}

/** Asked for until it is there, since nothing can be written down before. */
const engineChunk = () => firstViewShown().then(() => untilArrived(() => import("./start")));

let current: { name: string; sync: Sync } | undefined;

/** The door of this person and store; the former one's is closed, its drafts stay on the device. */
export function openSync(store: string, user: string, onChanged: Effects["onChanged"]): Sync {
  const name = `${store} ${user}`;
  if (current?.name === name) return current.sync;
  void current?.sync.close({ wipe: false });
  const door = makeDoor(async () => (await engineChunk()).start(store, user, onChanged));
  const sync: Sync = {
    ...door,
    close: async (options) => {
      await door.close(options);
      if (current?.sync === sync) current = undefined;
    },
  };
  current = { name, sync };
  return sync;
}
