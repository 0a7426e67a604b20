/// <reference lib="webworker" />
/**
 * The service worker: the app opens without the network, and every page has the assets of one version.
 *
 * Owns the copy of the page (`sw/shell.ts`) and of the assets. It holds nothing of any user, never touches the API, and is the
 * same for whoever is signed in; notes for reading offline are kept by `features/sync` in IndexedDB. A new version waits until
 * the page lets it in (`app/service-worker.ts`).
 *
 * Getting rid of it: open any address of the app with `?no-worker`. The worker then drops its caches, unregisters itself and
 * lets that page come from the server; the next start installs it anew. It needs no working script in the page. A worker that
 * is too broken even for that is replaced by the next release: browsers fetch `sw.js` past every worker, at least once a day.
 */
import { cleanupOutdatedCaches, precacheAndRoute } from "workbox-precaching";
import { registerRoute, setCatchHandler } from "workbox-routing";
import { isLanguageChunk, isPage } from "./sw/pages";
import { makeShell } from "./sw/shell";
import { versionOf } from "./sw/version";

declare const self: ServiceWorkerGlobalScope & { __WB_MANIFEST: (string | { url: string; revision: string | null })[] };

const manifest = self.__WB_MANIFEST;
const assets = new Set(manifest.map((entry) => (typeof entry === "string" ? entry : entry.url)));
const scope = new URL(self.registration.scope);

// Two servers may share an origin under different paths, and caches belong to the origin: the scope is part of the name.
const family = `inkstone ${scope.pathname} `;
const pages = `${family}page ${versionOf(manifest)}`;
const extras = `${family}extras ${versionOf(manifest)}`;
const shell = makeShell(scope.href, pages, assets);

self.addEventListener("install", (event) => event.waitUntil(shell.take()));

self.addEventListener("activate", (event) =>
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith(family) && name !== pages && name !== extras) await caches.delete(name);
      }
      // The first visit, too, shall find its later chunks when the network is gone.
      await self.clients.claim();
    })(),
  ),
);

self.addEventListener("message", (event) => {
  if (event.data?.type === "SKIP_WAITING") void self.skipWaiting();
});

/** Nothing of this worker is left afterwards. */
async function leave(request: Request): Promise<Response> {
  await self.registration.unregister();
  for (const name of await caches.keys()) {
    if (name.startsWith(family) || name.endsWith(scope.href)) await caches.delete(name);
  }
  return fetch(request);
}

registerRoute(
  ({ request, url }) => request.mode === "navigate" && isPage(scope, url),
  ({ event, request, url }) => {
    if (url.searchParams.has("no-worker")) return leave(request);
    event.waitUntil(shell.renewIfOld());
    return shell.answer(request);
  },
);

registerRoute(
  ({ url }) => isLanguageChunk(scope, url),
  async ({ request }) => {
    const cache = await caches.open(extras);
    const kept = await cache.match(request);
    if (kept) return kept;
    const response = await fetch(request);
    if (response.ok) await cache.put(request, response.clone());
    return response;
  },
);

precacheAndRoute(manifest);
cleanupOutdatedCaches();

// Whatever fails in here, the network gets its chance.
setCatchHandler(async ({ request }) => fetch(request));
