/**
 * The page that every address of the app opens: the server's template, kept together with the assets of its version.
 *
 * **The cache answers first**, online too. The network first would make every start wait for a round trip (and, in a lift or
 * behind a captive portal, for a time-out): at 150 ms a trip the page is there after 220 ms, from the cache after 20. And it
 * could bring the page of one version into the assets of another. A page from the cache is always of the worker's own
 * version; a new version comes as a new worker, which the person lets in. What it costs: a change of the server's settings
 * that shows in the page (its Content-Security-Policy) arrives one start later, when the copy was renewed behind the last
 * one.
 */
import { freshNonce, renewNonce } from "./nonce";

/** When the copy was taken, milliseconds since 1970. Our own name, among the headers of the kept response. */
const TAKEN = "inkstone-taken";
/** Milliseconds after which an online start renews the copy behind it. */
const OLD = 3_600_000;

/** The page of one version. `assets`: everything that this version has, by address below the scope. */
export interface Shell {
  /** Takes the page from the server; throws when it is not the one of this version. */
  take(): Promise<void>;
  /** A page for one navigation, under a nonce of its own; the network's when there is no copy. */
  answer(request: Request): Promise<Response>;
  /** Takes it anew if it is old; never throws. */
  renewIfOld(): Promise<void>;
}

export function makeShell(scope: string, cacheName: string, assets: ReadonlySet<string>): Shell {
  const open = () => caches.open(cacheName);

  async function take(): Promise<void> {
    const response = await fetch(scope, { cache: "no-store", credentials: "same-origin" });
    const body = await response.text();
    const why = unfit(response, body, assets);
    if (why) throw new Error(`the page of the server cannot be kept: ${why}`);
    const headers = new Headers(response.headers);
    // The body is kept unpacked, and its length may change with the nonce.
    for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
    headers.set(TAKEN, String(Date.now()));
    await (await open()).put(scope, new Response(body, { headers }));
  }

  return {
    take,
    async answer(request) {
      const kept = await (await open()).match(scope);
      // Browsers drop caches when space is short.
      if (!kept) return fetch(request);
      const renewed = renewNonce(await kept.text(), kept.headers, freshNonce());
      renewed.headers.delete(TAKEN);
      return new Response(renewed.body, { headers: renewed.headers });
    },
    async renewIfOld() {
      try {
        const kept = await (await open()).match(scope);
        if (Date.now() - Number(kept?.headers.get(TAKEN) ?? 0) > OLD) await take();
      } catch {
        // Offline, or the server has another version: the new worker brings it.
      }
    },
  };
}

/** Why the answer is not the page of this version: a proxy's sign-in form, an error, or a page that wants other assets. */
export function unfit(response: Response, body: string, assets: ReadonlySet<string>): string | undefined {
  if (!response.ok) return `status ${response.status}`;
  if (response.redirected) return `redirected to ${response.url}`;
  if (!response.headers.get("Content-Type")?.startsWith("text/html")) return "no HTML";
  if (!body.includes('id="root"')) return "not the app";
  const foreign = [...body.matchAll(/\/(assets\/[\w.-]+\.js)"/g)]
    .map(([, name]) => String(name))
    .find((name) => !assets.has(name));
  return foreign && `it wants ${foreign}`;
}
