/**
 * The pulse of the follower as the server gives it: a stream of events (`GET /events`) says when something changed.
 *
 * Owns who holds the stream, what is believed of it, and what happens when it breaks. What changed is not taken from the
 * stream: the follower reads the log from a position of its own, so nothing is lost between two streams and nothing is wrong
 * when an event comes twice. In a chunk of its own, fetched when the engine is up.
 *
 * One tab of a browser holds a stream and tells the others, since a browser opens six connections to a server by HTTP/1.1 and
 * six tabs with a stream each would leave none for saving. Only a tab that is looked at, or was a minute ago, asks to be the
 * one: a phone in a pocket keeps no line open. It looks by itself when it comes back (`surroundings.ts`).
 *
 * What a reader would get wrong: the clock of `pulse.ts` never stops. It looks whenever nothing was heard for too long, be it
 * that there is no stream, that its holder was frozen, or that a proxy keeps events back; then all is as without a stream.
 */
import type { Effects } from "./effects";
import { everySoOften, type Pulse } from "./pulse";

/** What the holder of the stream tells the other tabs. */
export type News =
  /** There may be something new. */
  | "look"
  /** The line is there and has nothing to say. */
  | "beat"
  /** It is not there. */
  | "lost";

/** What becomes of a stream. */
export interface Hears {
  news(news: News): void;
  /** It is over and will not come back by itself. */
  over(): void;
}

/** The browser's part, in `live-wires.ts`. */
export interface Wires {
  /** Opens a stream; the answer closes it. */
  connect(hears: Hears): () => void;
  /** Calls `hold` while this tab is the one of its browser to hold the stream; the answer ends that. */
  lead(hold: () => () => void): () => void;
  channel: { post(news: News): void; listen(listener: (news: News) => void): void; close(): void };
}

/** Longer than two silences of the server, which are 20 s at most. */
export const SILENCE = 45_000;
/** Changes that come together are looked at together. */
export const GATHER = 100;
/** How long a tab that nobody looks at keeps the stream. */
export const LINGER = 60_000;
/** From the end of a stream to asking why. */
export const A_MOMENT = 500;
const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 60_000;

export const live =
  (effects: Effects, wires: Wires): Pulse =>
  (look, open) => {
    const { after, page } = effects;
    let heardAt: number | undefined;
    let gathering: (() => void) | undefined;

    const believed = (): boolean => {
      const since = heardAt === undefined ? -1 : effects.now() - heardAt;
      // Below nothing when the clock was put back.
      return since >= 0 && since < SILENCE;
    };
    const stopClock = everySoOften(effects)(() => {
      if (!believed()) look();
    }, open);

    const hear = (news: News): void => {
      heardAt = news === "lost" ? undefined : effects.now();
      if (news !== "look" || !page.visible()) return;
      gathering ??= after(GATHER, () => {
        gathering = undefined;
        look();
      });
    };
    wires.channel.listen(hear);

    /** Holds a stream, and opens the next one when it ends. */
    const hold = (): (() => void) => {
      let close: (() => void) | undefined;
      let tries = 0;
      let cancel = () => {};
      const tell = (news: News): void => {
        hear(news);
        wires.channel.post(news);
      };
      const later = (): void => {
        const pause = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** Math.min(tries++, 10));
        cancel = after(pause * (0.5 + effects.random() / 2), connect);
      };
      const connect = (): void => {
        // Signed out or without a server: whoever finds that it is over asks the server, which nobody wants now.
        if (!open()) {
          later();
          return;
        }
        close = wires.connect({
          news: (news) => {
            if (news !== "lost") tries = 0;
            tell(news);
          },
          over: () => {
            close?.();
            tell("lost");
            // An ordinary request renews a session whose token has expired, or finds that it is over. Not at once: somebody
            // who signs out here is about to end all this, and shall not be asked to sign in again.
            cancel = after(A_MOMENT, () => {
              look();
              later();
            });
          },
        });
      };
      connect();
      return () => {
        cancel();
        close?.();
      };
    };

    let leading: (() => void) | undefined;
    let leave: (() => void) | undefined;
    const shown = (): void => {
      leave?.();
      leave = undefined;
      leading ??= wires.lead(hold);
    };
    page.listen("show", shown);
    page.listen("hide", () => {
      leave?.();
      leave = after(LINGER, () => {
        leading?.();
        leading = undefined;
      });
    });
    if (page.visible()) shown();

    return () => {
      stopClock();
      gathering?.();
      leave?.();
      leading?.();
      wires.channel.close();
    };
  };
