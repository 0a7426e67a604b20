/**
 * The typed client: every request of the app goes through here, but for files, which `upload.ts` sends.
 *
 * Owns sending, renewing the session on 401 and trying once more, and turning failures into `Problem` or `Unreachable`. The
 * types are generated from the server's OpenAPI document (`npm run generate`); nothing is written by hand. What to ask, and
 * how long an answer is kept, is the features' (TanStack Query).
 */
import type { Client } from "openapi-fetch";
import { firstViewShown } from "@/shared/lib/first-view";
import { apiUrl } from "./base";
import { early } from "./early";
import { Problem, Unreachable } from "./problem";
import { renewed } from "./refresh";
import type { components, paths } from "./schema";

export type Note = components["schemas"]["Note"];
export type NoteState = components["schemas"]["NoteState"];
export type NewNote = components["schemas"]["NewNote"];
export type NotePatch = components["schemas"]["NotePatch"];
export type Notebook = components["schemas"]["Notebook"];
export type Tag = components["schemas"]["Tag"];
export type SearchAnswer = components["schemas"]["SearchAnswer"];
export type SearchHit = components["schemas"]["SearchHit"];
export type Suggestion = components["schemas"]["Suggestion"];
export type Session = components["schemas"]["Session"];
export type User = components["schemas"]["User"];
export type Server = components["schemas"]["Server"];
export type Job = components["schemas"]["Job"];
export type Role = components["schemas"]["Role"];
export type SsoOffer = components["schemas"]["SsoOffer"];

/** Where a 401 speaks of what was typed, not of the session. */
const CREDENTIALS = /\/auth\/|\/setup$/;

/** `fetch` that renews the session once when the answer is 401, and lets somebody show a credential again where that is wanted. */
async function send(request: Request, renewable = true): Promise<Response> {
  const sentAt = performance.now();
  // A body can be read once; the copies are for the further tries.
  const response = await reach(request.clone());
  const { status } = response;
  const expired = status === 401;
  const again = expired
    ? renewable && !CREDENTIALS.test(request.url) && (await renewed(sentAt))
    : status === 403 && (await shownAgain(response));
  return again ? send(request, !expired) : response;
}

const shownAgain = (refusal: Response) =>
  import("./step-up").then(
    (stepUp) => stepUp.shownAgain(refusal),
    () => false,
  );

async function reach(request: Request): Promise<Response> {
  try {
    const asked = early(request);
    if (asked) return await asked;
    await firstViewShown();
    return await fetch(request);
  } catch (error) {
    // An aborted request was taken back by us.
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Unreachable(String(error));
  }
}

/**
 * The newest change that this page knows the server to have. Kept by sync, which hears of them; a search that is told to come
 * `after` it waits for the index, so that what was saved a moment ago is found.
 */
export const newest = { change: 0 };

const hearers: ((answer: Response) => void)[] = [];

/** Hears of every answer, before its body is read. */
export const onAnswer = (hear: (answer: Response) => void): void => void hearers.push(hear);

/** What a request may hold; the types of `Client` say which of it, and of what form. */
interface Parts {
  params?: {
    path?: Record<string, string>;
    query?: Record<string, string | number | boolean | null | undefined>;
    header?: Record<string, string | undefined>;
  };
  body?: unknown;
  signal?: AbortSignal;
}

function address(path: string, { path: places = {}, query = {} }: NonNullable<Parts["params"]>): string {
  const filled = path.replace(/\{(\w+)\}/g, (_place, name: string) => encodeURIComponent(places[name] ?? ""));
  const asked = Object.entries(query)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
  return `${apiUrl}${filled}${asked.length > 0 ? `?${asked.join("&")}` : ""}`;
}

/** What was answered; throws a `Problem` for all that is none of success or 304, so that `data` is there whenever it is expected. */
export async function answered(response: Response) {
  for (const hear of hearers) hear(response);
  if (response.status === 304) return { response };
  const text = await response.text().catch((error: unknown) => {
    throw new Unreachable(String(error));
  });
  const answer = parsed(text);
  if (!response.ok) throw new Problem(answer, response);
  // A page where JSON should be is of a proxy, or of a hotel's network.
  if (text && answer === undefined) throw new Unreachable("the answer is no JSON");
  return { data: answer, response };
}

const sender =
  (method: string) =>
  async (path: string, { params = {}, body, signal }: Parts = {}) => {
    const headers = new Headers();
    for (const [name, value] of Object.entries(params.header ?? {})) if (value !== undefined) headers.set(name, value);
    if (body !== undefined) headers.set("Content-Type", "application/json");
    const response = await send(
      new Request(address(path, params), {
        method,
        headers,
        body: body === undefined ? null : JSON.stringify(body),
        signal: signal ?? null,
      }),
    );
    return answered(response);
  };

function parsed(text: string): ConstructorParameters<typeof Problem>[0] {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The requests by method: `http.GET("/notes/{id}", { params: { path: { id } } })`. openapi-fetch has the types that tie a path to its
 * parameters, body and answer; its code does more than is asked here and would be 2 KB of every page.
 */
export const http = Object.fromEntries(
  ["GET", "POST", "PATCH", "DELETE"].map((method) => [method, sender(method)]),
) as unknown as Pick<Client<paths>, "GET" | "POST" | "PATCH" | "DELETE">;

/** The data of an answer; use as `await data(http.GET("/me"))`. Throws `Problem` or `Unreachable`. */
export async function data<T>(answer: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  const { data } = await answer;
  if (data === undefined || data === null) throw new Unreachable("the answer is empty");
  return data as NonNullable<T>;
}
