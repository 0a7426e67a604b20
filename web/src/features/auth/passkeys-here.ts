/** Whether passkeys can be made and shown on this page. */
import type { Server } from "@/shared/api/client";

/** Browsers know them for names alone: at an address of numbers there are none, whatever the server is called elsewhere. */
const isName = (host: string): boolean => !/^[\d.]+$|:/.test(host);

/** Whether this browser has them, at this address. */
export const browserHasPasskeys = (): boolean =>
  typeof globalThis.PublicKeyCredential === "function" && isName(location.hostname);

export const passkeysHere = (server: Server | undefined): boolean =>
  server?.sign_in.passkey === true && browserHasPasskeys();
