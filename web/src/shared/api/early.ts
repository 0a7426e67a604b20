/**
 * Answers that the page asked for before any script of the app had arrived (see `index.html`), so that the first list does
 * not wait for the code that shows it.
 *
 * Keyed by the whole address. Each is used once, by the first request for exactly that address: an answer is no cache.
 */
declare global {
  interface Window {
    __early?: Record<string, Promise<Response>>;
  }
}

/** The answer that is already on its way to this request, if there is one. */
export function early(request: Request): Promise<Response> | undefined {
  if (request.method !== "GET") return undefined;
  const answer = window.__early?.[request.url];
  if (answer) delete window.__early?.[request.url];
  return answer;
}
