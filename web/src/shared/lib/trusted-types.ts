/**
 * The app's one Trusted Types policy, named in the server's Content-Security-Policy beside DOMPurify's own.
 *
 * It makes nothing but the address of the service worker: a script address that was put together anywhere else is refused by
 * the browser. HTML comes from DOMPurify alone.
 */
import { base } from "@/shared/api/base";

const worker = `${base}/sw.js`;

const policy = window.trustedTypes?.createPolicy("inkstone", {
  createScriptURL(address) {
    if (address !== worker) throw new TypeError(`not the service worker: ${address}`);
    return address;
  },
});

/** The address of the service worker, as the browser wants it. */
export const serviceWorkerAddress = (): string | TrustedScriptURL => policy?.createScriptURL(worker) ?? worker;
