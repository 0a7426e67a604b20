/**
 * The page's side of the service worker: installs it when the page is at rest, notices a new version, and lets it in when the
 * person says so.
 *
 * Imported for its effect, after the load and when nothing else is to be done. What a reader would get wrong: several tabs share one
 * worker. When one tab lets the new version in, the others run old code whose later chunks are gone; they are not loaded
 * again over somebody's head but told, as the one that asked was.
 */
import { Workbox } from "workbox-window";
import { base } from "@/shared/api/base";
import { reload } from "@/shared/lib/before-reload";
import { serviceWorkerAddress } from "@/shared/lib/trusted-types";
import { offerUpdate } from "./update-notice";

const HOUR = 3_600_000;
/** Coming back to the tab asks again, but not on every glance. */
const GLANCE = 600_000;

export async function startServiceWorker(): Promise<void> {
  // A chunk of this version is gone from the server and from the caches: another version is there.
  addEventListener("vite:preloadError", () => offerUpdate(reload));

  // Whoever asked to be without it shall be, for this page.
  if (!("serviceWorker" in navigator) || new URLSearchParams(location.search).has("no-worker")) return;

  const worker = new Workbox(serviceWorkerAddress(), { scope: `${base}/`, updateViaCache: "none" });
  // The very first worker takes over a page of its own version: nothing to tell.
  const controlled = navigator.serviceWorker.controller !== null;
  let asked = false;

  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (asked) void reload();
    else if (controlled) offerUpdate(reload);
  });
  worker.addEventListener("waiting", () =>
    offerUpdate(() => {
      asked = true;
      worker.messageSkipWaiting();
    }),
  );

  await worker.register();
  watch(() => worker.update());
}

/** Asks for a new version every hour, and when somebody comes back to the page. */
function watch(update: () => Promise<void>): void {
  let last = Date.now();
  const ask = () => {
    last = Date.now();
    // Offline: the next time.
    update().catch(() => {});
  };
  setInterval(ask, HOUR);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible" && Date.now() - last > GLANCE) ask();
  });
}
