/**
 * The typed client: every request of the app goes through here.
 *
 * Owns sending, renewing the session on 401 and trying once more, and turning failures into `Problem` or `Unreachable`. The
 * types are generated from the server's OpenAPI document (`npm run generate`); nothing is written by hand. What to ask, and
 * how long an answer is kept, is the features' (TanStack Query).
 */
import createFetchClient, { type Middleware } from "openapi-fetch";
import { apiUrl } from "./base";
import { early } from "./early";
import { Problem, Unreachable } from "./problem";
import { refresh, SESSION_ENDED } from "./refresh";
import type { components, paths } from "./schema";

export type Note = components["schemas"]["Note"];
export type NoteState = components["schemas"]["NoteState"];
export type NewNote = components["schemas"]["NewNote"];
export type NotePatch = components["schemas"]["NotePatch"];
export type Notebook = components["schemas"]["Notebook"];
export type Tag = components["schemas"]["Tag"];
export type SearchAnswer = components["schemas"]["SearchAnswer"];
export type SearchHit = components["schemas"]["SearchHit"];
export type Session = components["schemas"]["Session"];
export type User = components["schemas"]["User"];
export type Server = components["schemas"]["Server"];

/** Where a 401 speaks of what was typed, not of the session. */
const CREDENTIALS = /\/auth\/|\/setup$/;

/** `fetch` that renews the session once when the answer is 401. */
async function send(request: Request): Promise<Response> {
  const sentAt = performance.now();
  // A body can be read once; the copy is for the second try.
  const again = request.clone();
  const response = await reach(request);
  if (response.status !== 401 || CREDENTIALS.test(new URL(request.url).pathname)) return response;
  const outcome = await refresh(sentAt).catch((error: unknown) => {
    throw new Unreachable(String(error));
  });
  if (outcome === "renewed") return reach(again);
  window.dispatchEvent(new Event(SESSION_ENDED));
  return response;
}

async function reach(request: Request): Promise<Response> {
  try {
    return await (early(request) ?? fetch(request));
  } catch (error) {
    // An aborted request was taken back by us.
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(String(error));
  }
}

/** Throws a `Problem` for every answer that is none of success or 304, so that `data` is there whenever nothing was thrown. */
const problems: Middleware = {
  async onResponse({ response }) {
    if (response.ok || response.status === 304) return;
    const body = await response.json().catch(() => undefined);
    throw new Problem(body, response);
  },
};

export const http = createFetchClient<paths>({ baseUrl: apiUrl, credentials: "same-origin", fetch: send });
http.use(problems);

/** The data of an answer; use as `await data(http.GET("/me"))`. Throws `Problem` or `Unreachable`. */
export async function data<T>(answer: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  const { data } = await answer;
  if (data === undefined || data === null) throw new Unreachable("the answer is empty");
  return data as NonNullable<T>;
}
