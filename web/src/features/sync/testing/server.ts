/**
 * A server in memory, as far as saving can tell it from the real one: versions, staleness, trash, idempotent creates, the log.
 *
 * `fault` decides what happens to a request: answered, refused, lost on the way there, or done and its answer lost.
 */
import type { Note, NotePatch } from "@/shared/api/client";
import { Problem, Unreachable } from "@/shared/api/problem";
import type { Api, Changes } from "../effects";
import { contentOf } from "../model";
import type { Content } from "../types";

export type Fault = "none" | "lost" | "unheard" | { status: number; type: string; retryAfter?: number };

export const problem = (status: number, type: string, retryAfter?: number, field?: string): Problem =>
  new Problem(
    { type, status, detail: type, ...(field ? { errors: [{ field, detail: "it is wrong" }] } : {}) },
    new Response(null, { status, ...(retryAfter ? { headers: { "Retry-After": String(retryAfter) } } : {}) }),
  );

const MOST = 100_000;

export class FakeServer {
  readonly notes = new Map<string, Note>();
  readonly requests: string[] = [];
  /** Are called at each change. */
  readonly told = new Set<() => void>();
  user = "ann";
  signedIn = true;
  store = "store-1";
  floor = 0;
  fault: (request: string) => Fault = () => "none";
  /** Waits on the way; tests on a clock of their own make it take time. */
  travel: () => Promise<void> = async () => {};
  private readonly log: Changes["items"] = [];
  private readonly seqs = new Map<string, number>();
  private readonly buried = new Set<string>();
  private count = 0;

  constructor(readonly now: () => number) {}

  get head(): number {
    return this.count;
  }

  /** Somebody else edits, past every condition. */
  edit(id: string, change: Partial<Content>): void {
    const note = this.notes.get(id);
    if (note && note.state !== "trashed") this.put({ ...note, ...this.served({ ...contentOf(note), ...change }) });
  }

  add(id: string, content: Partial<Content>): Note {
    const at = this.time();
    const whole = {
      title: null,
      body: "",
      tags: [],
      notebook_id: null,
      pinned: false,
      state: "active" as const,
      ...content,
    };
    return this.put({ id, version: "", created_at: at, updated_at: at, trashed_at: null, ...this.served(whole) });
  }

  remove(id: string): void {
    if (!this.notes.delete(id)) return;
    this.buried.add(id);
    this.append(id, "delete", null);
  }

  toTrash(id: string): void {
    const note = this.notes.get(id);
    if (note && note.state !== "trashed") this.put({ ...note, state: "trashed", trashed_at: this.time() });
  }

  body(id: string): string | undefined {
    return this.notes.get(id)?.body;
  }

  readonly api: Api = {
    read: (id) => this.serve(`GET ${id}`, () => this.answer(this.found(id))),
    create: (id, content) =>
      this.serve(`POST ${id}`, () => {
        this.check(content);
        const made = Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16);
        if (made > this.now() + 86_400_000) throw problem(422, "invalid-request", undefined, "id");
        if (this.notes.has(id) || this.buried.has(id)) throw problem(409, "note-id-in-use");
        return this.answer(this.add(id, { ...content, state: "active" }));
      }),
    patch: (id, version, patch) =>
      this.serve(`PATCH ${id}`, () => {
        const note = this.current(id, version);
        if (note.state === "trashed") throw problem(409, "note-trashed");
        this.check(patch);
        const before = contentOf(note);
        const after = this.served({ ...before, ...(patch as Partial<Content>) });
        if (JSON.stringify(after) === JSON.stringify(this.served(before))) return this.answer(note);
        return this.answer(this.put({ ...note, ...after }));
      }),
    trash: (id, version) =>
      this.serve(`DELETE ${id}`, () => {
        this.current(id, version);
        this.toTrash(id);
      }),
    purge: (id, version) =>
      this.serve(`PURGE ${id}`, () => {
        this.current(id, version);
        this.remove(id);
      }),
    restore: (id) =>
      this.serve(`RESTORE ${id}`, () => {
        const note = this.found(id);
        if (note.state !== "trashed") throw problem(409, "note-not-trashed");
        return this.answer(this.put({ ...note, state: "active", trashed_at: null }));
      }),
    changes: (since) =>
      this.serve("CHANGES", () => {
        if (!since) return { store: this.store, items: [], next: this.count, head: this.count, has_more: false };
        if (since.store !== this.store || since.seq < this.floor) throw problem(410, "resync-required");
        const after = this.log.filter(({ seq }) => seq > since.seq);
        const items = after.slice(0, 5);
        const next = items.at(-1)?.seq ?? this.count;
        return { store: this.store, items, next, head: this.count, has_more: items.length < after.length };
      }),
    page: (_cursor, limit) =>
      this.serve("LIST", () => ({
        notes: [...this.notes.values()].filter(({ state }) => state === "active").slice(0, limit),
        next: undefined,
      })),
    whoami: () => this.serve("ME", () => this.user),
  };

  private async serve<T>(request: string, act: () => T): Promise<T> {
    this.requests.push(request);
    await this.travel();
    const fault = this.fault(request);
    if (fault === "lost") throw new Unreachable("lost");
    if (typeof fault === "object") throw problem(fault.status, fault.type, fault.retryAfter);
    if (!this.signedIn) throw problem(401, "invalid-token");
    let result: { value: T } | { error: unknown };
    try {
      result = { value: structuredClone(act()) };
    } catch (error) {
      result = { error };
    }
    await this.travel();
    if (fault === "unheard") throw new Unreachable("the answer was lost");
    if ("error" in result) throw result.error;
    return result.value;
  }

  private found(id: string): Note {
    const note = this.notes.get(id);
    if (!note) throw problem(404, "not-found");
    return note;
  }

  private current(id: string, version: string): Note {
    const note = this.found(id);
    if (note.version !== version) throw problem(412, "stale");
    return note;
  }

  private check({ body, title }: Pick<NotePatch, "body" | "title">): void {
    if ((body?.length ?? 0) > MOST) throw problem(413, "too-large");
    if ((title?.length ?? 0) > 500) throw problem(422, "invalid-request");
  }

  private served(content: Content) {
    const title = content.title?.trim() ? content.title : null;
    const tags = [
      ...new Map(content.tags.toReversed().map((tag) => [tag.trim().toLowerCase(), tag.trim()])).values(),
    ].sort();
    const derived = content.body.split("\n")[0]?.replace(/^#+\s+/, "") ?? "";
    const { body, notebook_id, pinned, state } = content;
    return { title: title ?? derived, title_derived: title === null, body, tags, notebook_id, pinned, state };
  }

  private put(note: Note): Note {
    const version = `v${this.count + 1}`;
    const put = { ...note, version, updated_at: this.time() };
    this.notes.set(note.id, put);
    this.append(note.id, "put", version);
    return put;
  }

  private append(id: string, op: "put" | "delete", version: string | null): void {
    this.count++;
    for (const told of this.told) told();
    this.seqs.set(id, this.count);
    const at = this.log.findIndex((change) => change.id === id);
    if (at >= 0) this.log.splice(at, 1);
    this.log.push({
      seq: this.count,
      kind: "note",
      id,
      op,
      ...(version ? { version } : {}),
    } as Changes["items"][number]);
  }

  private answer(note: Note) {
    return { note, seq: this.seqs.get(note.id) };
  }

  private time(): string {
    return new Date(this.now()).toISOString();
  }
}
