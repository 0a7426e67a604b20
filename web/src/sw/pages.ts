/** Which requests the service worker answers, told by their path below the scope. */

/** What the server answers itself, whatever asks. */
const SERVER = /^(api|healthz|readyz|metrics)(\/|$)/;

/** The part of the address below the scope, or `undefined` for what lies elsewhere. */
export function below(scope: URL, url: URL): string | undefined {
  if (url.origin !== scope.origin || !url.pathname.startsWith(scope.pathname)) return undefined;
  return url.pathname.slice(scope.pathname.length);
}

/** Whether opening the address shows the app. A name with an ending is a file, which is there or is not. */
export function isPage(scope: URL, url: URL): boolean {
  const path = below(scope, url);
  return path !== undefined && !SERVER.test(path) && !/\.[^/]+$/.test(path);
}

/** Whether it is the colouring of one programming language: not fetched in advance, kept once it was wanted. */
export function isLanguageChunk(scope: URL, url: URL): boolean {
  return below(scope, url)?.startsWith("assets/lang-") ?? false;
}
