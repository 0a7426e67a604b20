/**
 * Where to go after signing in: the `next` of the address, which anybody can write into a link.
 *
 * It is a path inside the app. What a browser makes of it decides, not what it looks like: the text is parsed as the browser
 * would and has to stay on this origin (`//evil.example`, `/\evil.example` and a tab between the slashes do not).
 */
import { base } from "@/shared/api/base";

/** The pages that lead here would lead here again. */
const DOORS = /^\/(login|register|setup|invite|reset|sso\/.*)\/?$/;

/** The path to open, with query and fragment, below `base`; `/` for everything that is no path of ours. */
export function nextPath(next: unknown): string {
  if (typeof next !== "string" || !next.startsWith("/")) return "/";
  let url: URL;
  try {
    url = new URL(next, location.origin);
  } catch {
    return "/";
  }
  // After parsing, `/.//evil.example` has become a path that would be an origin when it is parsed once more.
  if (url.origin !== location.origin || url.pathname.startsWith("//") || DOORS.test(url.pathname)) return "/";
  return `${url.pathname}${url.search}${url.hash}`;
}

/** The same as an address of this server, for the history. */
export const nextHref = (next: unknown): string => `${base}${nextPath(next)}`;
