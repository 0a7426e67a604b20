import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { makeShell, unfit } from "./shell";

const SCOPE = "https://notes.example/";
const assets = new Set(["assets/index-1.js"]);
const html = (asset = "assets/index-1.js") =>
  `<script nonce="N1" src="/${asset}"></script><div id="root"></div><style nonce="N1"></style>`;
const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": "script-src 'nonce-N1'" };
const answer = (body = html(), more: Record<string, string> = {}) =>
  new Response(body, { headers: { ...headers, ...more } });

/** As much of CacheStorage as the shell uses. */
function fakeCaches() {
  const kept = new Map<string, { body: string; headers: Headers }>();
  const cache = {
    async put(key: string, response: Response) {
      kept.set(key, { body: await response.text(), headers: new Headers(response.headers) });
    },
    async match(key: string) {
      const found = kept.get(key);
      return found && new Response(found.body, { headers: found.headers });
    },
  };
  return { kept, caches: { open: async () => cache } };
}

describe("the page in the cache", () => {
  let server = vi.fn<(...request: unknown[]) => Promise<Response>>();
  const store = fakeCaches();
  beforeEach(() => {
    server = vi.fn(async () => answer());
    vi.stubGlobal("fetch", server);
    vi.stubGlobal("caches", store.caches);
    store.kept.clear();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const shell = () => makeShell(SCOPE, "page 1", assets);
  const request = new Request(`${SCOPE}notes/1`);

  it("answers without the network, each time under another nonce", async () => {
    await shell().take();
    server.mockRejectedValue(new TypeError("offline"));
    const pages = await Promise.all([1, 2].map(() => shell().answer(request)));
    const nonces = pages.map((page) => /'nonce-([^']+)'/.exec(page.headers.get("Content-Security-Policy") ?? "")?.[1]);
    expect(new Set([...nonces, "N1"]).size).toBe(3);
    expect(await pages[0]?.text()).toContain(`<script nonce="${nonces[0]}"`);
    expect(pages[0]?.headers.get("inkstone-taken")).toBeNull();
  });

  it("is not taken when it belongs to other assets, and what was kept stays", async () => {
    await shell().take();
    server.mockResolvedValue(answer(html("assets/index-2.js")));
    await expect(shell().take()).rejects.toThrow("it wants assets/index-2.js");
    expect(await (await shell().answer(request)).text()).toContain("index-1.js");
  });

  it("drops what tells how the body was packed", async () => {
    server.mockResolvedValue(answer(html(), { "Content-Encoding": "gzip", "Content-Length": "7" }));
    await shell().take();
    const page = await shell().answer(request);
    expect(page.headers.get("Content-Encoding")).toBeNull();
    expect(page.headers.get("Content-Length")).toBeNull();
  });

  it("comes from the network when the browser has dropped the copy", async () => {
    expect(await (await shell().answer(request)).text()).toBe(html());
    expect(server).toHaveBeenCalledWith(request);
  });

  it("is renewed behind the page once it is an hour old, and never fails for it", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    await shell().take();
    await shell().renewIfOld();
    expect(server).toHaveBeenCalledTimes(1);
    vi.setSystemTime(Date.now() + 3_600_001);
    await shell().renewIfOld();
    expect(server).toHaveBeenCalledTimes(2);
    vi.setSystemTime(Date.now() + 3_600_001);
    server.mockRejectedValue(new TypeError("offline"));
    await expect(shell().renewIfOld()).resolves.toBeUndefined();
  });
});

describe("what is no page of ours", () => {
  it.each<[string, Response, string]>([
    ["an error", new Response("", { status: 502, headers }), html()],
    ["no HTML", new Response("{}", { headers: { "Content-Type": "application/json" } }), html()],
    ["the form of a proxy", answer(), "<form>Sign in to the network</form>"],
  ])("%s", (_name, response, body) => expect(unfit(response, body, assets)).toBeTruthy());

  it("lets the right one pass", () => expect(unfit(answer(), html(), assets)).toBeUndefined());
});
