/** When the follower looks: a clock here, the server's stream of events in `live.ts`. */
import type { Effects } from "./effects";

/**
 * Calls when it may be worth looking; the answer ends it. `open`: whether the server is to be asked anything at all; while it
 * is away, or nobody is signed in, looking waits for the line.
 */
export type Pulse = (look: () => void, open: () => boolean) => () => void;

/** Every quarter of a minute while somebody looks. */
export const everySoOften =
  (effects: Effects, ms = 15_000): Pulse =>
  (look) => {
    let cancel = effects.after(ms, beat);
    function beat(): void {
      if (effects.page.visible()) look();
      cancel = effects.after(ms, beat);
    }
    return () => cancel();
  };
