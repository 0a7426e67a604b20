/** The browser's part of `live.ts`: the stream itself, the lock that says who holds it, the channel between tabs. */
import { apiUrl } from "@/shared/api/base";
import type { Effects } from "./effects";
import { live, type News, type Wires } from "./live";
import type { Pulse } from "./pulse";

/** How the kinds begin that the follower looks at (`KINDS` there): notebooks and saved searches, too. Sessions, jobs and the account are in the stream too. */
const OURS = /"kind":"(?:note|tag|saved)/;

const connect: Wires["connect"] = ({ news, over }) => {
  // Without it there is the clock.
  if (typeof EventSource === "undefined") return () => {};
  const source = new EventSource(`${apiUrl}/events`);
  const on = (name: string, hear: (data: string) => void) =>
    source.addEventListener(name, (event) => hear((event as MessageEvent<string>).data));
  // What came between the last look and the beginning of the stream.
  on("hello", () => news("look"));
  on("resync", () => news("look"));
  on("change", (data) => news(OURS.test(data) ? "look" : "beat"));
  on("beat", () => news("beat"));
  on("bye", over);
  source.onerror = () => {
    // A broken line is mended by the browser; a refusal (no session, too many streams) is final for it.
    if (source.readyState === EventSource.CLOSED) over();
    else news("lost");
  };
  return () => source.close();
};

/** On plain HTTP there are no locks: each tab that is looked at holds a stream. */
const lead =
  (name: string): Wires["lead"] =>
  (hold) => {
    if (!navigator.locks) return hold();
    const waiting = new AbortController();
    let end = () => {};
    const held = () =>
      new Promise<void>((done) => {
        const close = hold();
        end = () => {
          close();
          done();
        };
      });
    void navigator.locks.request(name, { signal: waiting.signal }, held).catch(() => undefined);
    return () => {
      waiting.abort();
      end();
    };
  };

function channel(name: string): Wires["channel"] {
  if (typeof BroadcastChannel === "undefined") return { post() {}, listen() {}, close() {} };
  const between = new BroadcastChannel(name);
  return {
    post: (news) => between.postMessage(news),
    listen: (listener) => {
      between.onmessage = (event: MessageEvent<News>) => listener(event.data);
    },
    close: () => between.close(),
  };
}

/** `name`: of this person and store. */
export const livePulse = (name: string, effects: Effects): Pulse =>
  live(effects, { connect, lead: lead(`${name}-events`), channel: channel(`${name}-events`) });
