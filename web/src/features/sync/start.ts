/**
 * Starts saving for one person in this browser. Loaded when it is needed: the first chunk has `provider.tsx` and `door.ts`.
 */
import { SESSION_ENDED, SESSION_RESUMED } from "@/shared/api/refresh";
import { t } from "@/shared/i18n";
import { untilArrived } from "@/shared/lib/until-arrived";
import { browserEffects } from "./browser";
import { openDisk } from "./disk/idb";
import type { Effects } from "./effects";
import { Engine } from "./engine";
import type { Pulse } from "./pulse";
import { otherStores } from "./stores";
import type { Sync } from "./types";
import { uuidv7 } from "./uuid";

export async function start(store: string, user: string, onChanged: Effects["onChanged"]): Promise<Sync> {
  const name = `inkstone-${store}-${user}`;
  const effects = browserEffects(name, onChanged);
  let outdated = () => {};
  const disk = await openDisk(name, {
    now: effects.now,
    reasons: { full: t("sync.unkept.full"), blocked: t("sync.unkept.blocked"), outdated: t("sync.unkept.outdated") },
    onOutdated: () => outdated(),
  });
  effects.whose.set(user);
  const engine = new Engine({ name, user, tab: uuidv7() }, disk, effects);
  outdated = () => engine.rescue();
  const over = new AbortController();
  window.addEventListener(SESSION_ENDED, () => engine.signedOut(), { signal: over.signal });
  window.addEventListener(SESSION_RESUMED, () => void engine.resume(), { signal: over.signal });
  // Only where leaving would lose text: a question at every closed tab teaches people to click it away.
  window.addEventListener(
    "beforeunload",
    (event) => {
      if (engine.state.get().unkept !== null) event.preventDefault();
    },
    { signal: over.signal },
  );
  engine.onClosed(() => over.abort());
  const heritage = await otherStores(name, user)
    .then(async ({ length }) => (length > 0 ? (await import("./heritage")).heritageOf(name, user) : undefined))
    .catch(() => undefined);
  const pulse: Pulse = (look, open) => {
    const stop = untilArrived(() => import("./live-wires")).then((live) => live.livePulse(name, effects)(look, open));
    return () => void stop.then((stop) => stop());
  };
  void engine.begin(pulse, heritage?.rescues).then(heritage?.taken);
  return engine;
}
