/**
 * A person's account as seen through the API: what journeys seed with, and what they compare the screen with.
 */
import { type APIRequestContext, type APIResponse, request } from "playwright-core";
import type { Job, NewNote, Note, Notebook, NotePatch, Session } from "@/shared/api/client";
import type { components } from "@/shared/api/schema";
import type { Server } from "./server";

type SavedSearch = components["schemas"]["SavedSearch"];

/** An answer that was none of success. */
class Refused extends Error {
  constructor(
    method: string,
    path: string,
    readonly status: number,
    body: string,
  ) {
    super(`${method} ${path} answered ${status}: ${body}`);
  }
}

type Method = "GET" | "POST" | "PATCH" | "DELETE";

export class Account {
  private constructor(
    private readonly http: APIRequestContext,
    private readonly base: string,
    readonly email: string,
    readonly password: string,
  ) {}

  static async signIn(server: Server, email: string, password: string): Promise<Account> {
    const base = server.url("/api/v1");
    // The certificate of a journey is its own.
    const visitor = await request.newContext({ ignoreHTTPSErrors: true });
    const path = "/auth/login";
    const answer = await visitor.post(base + path, { data: { email, password, token_delivery: "body" } });
    if (!answer.ok()) throw new Refused("POST", path, answer.status(), await answer.text());
    const { access_token } = (await answer.json()) as { access_token: string };
    await visitor.dispose();
    const http = await request.newContext({
      ignoreHTTPSErrors: true,
      extraHTTPHeaders: { Authorization: `Bearer ${access_token}` },
    });
    return new Account(http, base, email, password);
  }

  async note(note: Pick<NewNote, "body"> & Partial<NewNote>): Promise<Note> {
    return this.ask("POST", "/notes", note);
  }

  async read(id: string): Promise<Note> {
    return this.ask("GET", `/notes/${id}`);
  }

  /** The text of a note as the server has it. */
  async body(id: string): Promise<string> {
    return (await this.read(id)).body ?? "";
  }

  /** Whether the note is there, and where; `undefined` when it is not. */
  async state(id: string): Promise<Note["state"] | undefined> {
    try {
      return (await this.read(id)).state;
    } catch (error) {
      if (error instanceof Refused && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Changes a note as another device would that has just read it. */
  async patch(id: string, change: NotePatch): Promise<Note> {
    return this.ask("PATCH", `/notes/${id}`, change, { "If-Match": "*" });
  }

  async trash(id: string): Promise<void> {
    await this.send("DELETE", `/notes/${id}`, undefined, { "If-Match": "*" });
  }

  async purge(id: string): Promise<void> {
    await this.send("DELETE", `/notes/${id}?permanent=true`, undefined, { "If-Match": "*" });
  }

  /** Active notes with their text; `query` begins with `&`. */
  async notes(query = ""): Promise<(Note & { body: string })[]> {
    return (await this.ask<{ items: (Note & { body: string })[] }>("GET", `/notes?include=body&limit=200${query}`))
      .items;
  }

  async notebook(name: string, parent_id?: string): Promise<Notebook> {
    return this.ask("POST", "/notebooks", parent_id ? { name, parent_id } : { name });
  }

  async notebooks(): Promise<Notebook[]> {
    return (await this.ask<{ items: Notebook[] }>("GET", "/notebooks?limit=200")).items;
  }

  async savedSearch(about: components["schemas"]["NewSavedSearch"]): Promise<SavedSearch> {
    return this.ask("POST", "/saved-searches", about);
  }

  async savedSearches(): Promise<SavedSearch[]> {
    return (await this.ask<{ items: SavedSearch[] }>("GET", "/saved-searches?limit=200")).items;
  }

  async forgetSearches(): Promise<void> {
    for (const { id } of await this.savedSearches()) await this.send("DELETE", `/saved-searches/${id}`);
  }

  /** Makes an export, and waits until it can be fetched. */
  async exportNotes(): Promise<Job> {
    return this.finished(await this.ask<Job>("POST", "/exports"));
  }

  /** Brings a zip in, and waits until that is done. */
  async importArchive(archive: Buffer): Promise<Job> {
    return this.finished(
      await this.ask<Job>("POST", "/import", archive, { "Content-Type": "application/octet-stream" }),
    );
  }

  /** Ends all sessions but the one that this object speaks through: what somebody does who lost a laptop. */
  async endOtherSessions(): Promise<void> {
    const { items } = await this.ask<{ items: Session[] }>("GET", "/me/sessions");
    for (const session of items.filter((one) => !one.current)) await this.send("DELETE", `/me/sessions/${session.id}`);
  }

  /** As an administrator: gives an account another role. Its sessions end. */
  async changeRole(email: string, role: "read-only" | "member" | "admin"): Promise<void> {
    const { items } = await this.ask<{ items: { id: string; email: string }[] }>("GET", "/admin/users?limit=200");
    const id = items.find((one) => one.email === email)?.id;
    await this.send("PATCH", `/admin/users/${id}`, { role });
  }

  /** An answer as it comes, whatever it is; the path begins below `/api/v1`. */
  async answer(
    method: Method,
    path: string,
    data?: object,
    headers: Record<string, string> = {},
  ): Promise<APIResponse> {
    return this.http.fetch(this.base + path, { method, headers, ...(data ? { data } : {}) });
  }

  /** As an administrator: lets people sign in at an identity provider. What is not said is as the form of the app begins. */
  async provider(about: components["schemas"]["NewSsoProvider"]): Promise<void> {
    await this.send("POST", "/admin/sso-providers", about);
  }

  /** As an administrator: where people can sign in. */
  async providers(): Promise<components["schemas"]["SsoProvider"][]> {
    return (await this.ask<components["schemas"]["SsoProviders"]>("GET", "/admin/sso-providers")).items;
  }

  async dispose(): Promise<void> {
    await this.http.dispose();
  }

  private async finished(job: Job): Promise<Job> {
    let now = job;
    // Each question waits for its answer, so there are not many.
    while (now.state === "queued" || now.state === "running") now = await this.ask<Job>("GET", `/jobs/${job.id}`);
    if (now.state === "failed") throw new Error(`the ${now.kind} failed: ${now.error}`);
    return now;
  }

  private async ask<T>(method: Method, path: string, data?: object, headers?: Record<string, string>): Promise<T> {
    return (await this.send(method, path, data, headers)).json() as Promise<T>;
  }

  private async send(
    method: Method,
    path: string,
    data?: object,
    headers: Record<string, string> = {},
  ): Promise<APIResponse> {
    const answer = await this.answer(method, path, data, headers);
    if (!answer.ok()) throw new Refused(method, path, answer.status(), await answer.text());
    return answer;
  }
}
