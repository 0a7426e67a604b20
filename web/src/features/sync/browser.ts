/**
 * The real effects: this browser's clock, locks, tabs and page.
 *
 * On plain HTTP, where people run servers at home, browsers leave out Web Locks. One mutex in the tab takes their place: two
 * tabs may then send the same draft, which the versions of the server sort out.
 */
import { t } from "@/shared/i18n";
import type { Effects, Word } from "./effects";
import { clockAhead, httpApi } from "./http";
import { shownTitle } from "./library";

const WHOSE = "inkstone-user";

function mutex(): Effects["lock"] {
  const queues = new Map<string, Promise<unknown>>();
  return (name, task) => {
    const before = queues.get(name) ?? Promise.resolve();
    const run = before.then(task, task);
    const rest = run.catch(() => undefined);
    queues.set(name, rest);
    void rest.then(() => queues.get(name) === rest && queues.delete(name));
    return run;
  };
}

function locks(): Effects["lock"] {
  const { locks } = navigator;
  if (!locks) return mutex();
  return async (name, task) => await locks.request(name, task);
}

function channel(name: string): Effects["channel"] {
  if (typeof BroadcastChannel === "undefined") return { post() {}, listen() {}, close() {} };
  const channel = new BroadcastChannel(name);
  return {
    post: (word) => channel.postMessage(word),
    listen: (listener) => {
      channel.onmessage = (event: MessageEvent<Word>) => listener(event.data);
    },
    close: () => channel.close(),
  };
}

function page(): Effects["page"] {
  const over = new AbortController();
  const listen = (target: EventTarget, event: string, listener: () => void) =>
    target.addEventListener(event, listener, { signal: over.signal });
  const visible = () => document.visibilityState === "visible";
  return {
    visible,
    listen(event, listener) {
      if (event === "online") listen(window, "online", listener);
      // A page that comes back from the browser's cache is shown without being loaded.
      if (event === "show")
        listen(window, "pageshow", (shown?: Event) => (shown as PageTransitionEvent)?.persisted && listener());
      if (event === "hide") listen(window, "pagehide", listener);
      if (event !== "online")
        listen(document, "visibilitychange", () => visible() === (event === "show") && listener());
    },
    close: () => over.abort(),
  };
}

const whose: Effects["whose"] = {
  get: () => {
    try {
      return localStorage.getItem(WHOSE) ?? undefined;
    } catch {
      return undefined;
    }
  },
  set: (user) => {
    try {
      localStorage.setItem(WHOSE, user);
    } catch {
      // Blocked storage: the server is asked instead.
    }
  },
};

/** `name`: of this person and store. */
export function browserEffects(name: string, onChanged: Effects["onChanged"]): Effects {
  let asked = false;
  return {
    now: Date.now,
    began: performance.timeOrigin,
    serverNow: () => Date.now() + clockAhead(),
    random: Math.random,
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    idle(run) {
      if ("requestIdleCallback" in globalThis) requestIdleCallback(run, { timeout: 30_000 });
      else setTimeout(run, 5_000);
    },
    api: httpApi,
    lock: locks(),
    channel: channel(name),
    page: page(),
    whose,
    persist() {
      if (asked) return;
      asked = true;
      void navigator.storage?.persist?.().catch(() => undefined);
    },
    copyTitle: (content) => {
      const title = shownTitle(content);
      // The server takes 500 characters.
      return t("sync.copyTitle", { title: title.slice(0, 400) || t("sync.untitled") });
    },
    onChanged,
  };
}
