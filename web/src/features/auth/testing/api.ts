/** The server of the tests of signing in: msw with answers that a test may replace. */
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll } from "vitest";
import { apiUrl } from "@/shared/api/base";
import type { Server, SsoOffer, User } from "@/shared/api/client";

export const ada: User = {
  id: "019ca8bb-b5c0-7836-b25e-7ad31c4490fe",
  email: "ada@example.org",
  has_password: true,
  name: "Ada",
  role: "member",
  deletes_at: null,
  created_at: "2026-03-01T09:30:00.000000Z",
  updated_at: "2026-03-01T09:30:00.000000Z",
};

export const theServer: Server = {
  name: "Inkstone",
  version: "0.1.0",
  store: "store-1",
  setup_required: false,
  sign_in: { password: true, password_reset: false, passkey: false, providers: [], signup: "closed" },
  limits: { note_body_bytes: 1_048_576, note_title_chars: 500, note_tags: 100, page_items: 200 },
};

/** A server that lets people sign in by a provider, too. */
export const home: SsoOffer = { slug: "home", name: "Home", preset: "generic" };
export const withHome = { ...theServer, sign_in: { ...theServer.sign_in, providers: [home] } };

export const url = (path: string): string => `${apiUrl}${path}`;

export const problem = (status: number, type: string, more: object = {}) =>
  HttpResponse.json({ type, status, title: "Title", detail: "English detail", ...more }, { status });

export const signedIn = (user: User = ada) => ({ expires_in: 300, token_type: "Bearer", user });

/** Starts the server for the tests of a file. */
export function api() {
  const server = setupServer(
    http.get(url("/server"), () => HttpResponse.json(theServer)),
    http.get(url("/me"), () => HttpResponse.json(ada)),
    http.get(url("/me/passkeys"), () => HttpResponse.json({ items: [] })),
    http.get(url("/me/identities"), () => HttpResponse.json({ items: [], can_unlink: true })),
    http.get(url("/me/totp"), () => HttpResponse.json({ enabled: false, enabled_at: null, recovery_codes: 0 })),
    http.post(url("/auth/refresh"), () => problem(401, "invalid-refresh-token")),
    http.post(url("/auth/logout"), () => new HttpResponse(null, { status: 204 })),
  );
  beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
  afterEach(() => {
    server.resetHandlers();
    localStorage.clear();
    sessionStorage.clear();
  });
  afterAll(() => server.close());
  return server;
}
