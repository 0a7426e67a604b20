/** The requests of saving, by the shared client. */
import { http, type Note, newest, onAnswer } from "@/shared/api/client";
import { Unreachable } from "@/shared/api/problem";
import type { Answer, Api } from "./effects";

/** A connection that hangs is no connection: silence, then another try. Long texts on slow lines get their time. */
const patience = (characters = 0): AbortSignal => AbortSignal.timeout(20_000 + characters / 10);

/** `"<version>.<change>"`; a proxy that compresses may have made it weak. */
const seqOf = (response: Response): number | undefined => {
  const seq = Number(/\.(\d+)"$/.exec(response.headers.get("ETag") ?? "")?.[1]);
  return Number.isFinite(seq) ? seq : undefined;
};

let ahead = 0;

/** By how many milliseconds the server's clock is ahead of ours, by its last answer. */
export const clockAhead = (): number => ahead;

onAnswer((answer) => {
  const date = Date.parse(answer.headers.get("Date") ?? "");
  if (Number.isFinite(date)) ahead = date - Date.now();
  const change = Number(answer.headers.get("Inkstone-Change"));
  if (change > newest.change) newest.change = change;
});

/** A page of a hotel's network is no note. */
function answered({ data, response }: { data?: Note | undefined; response: Response }): Answer {
  if (!data?.id || !data.version) throw new Unreachable("the answer is no note");
  return { note: data, seq: seqOf(response) };
}

const at = (id: string) => ({ path: { id } });
const ifMatch = (id: string, version: string) => ({ ...at(id), header: { "If-Match": `"${version}"` } });

export const httpApi: Api = {
  read: async (id) => answered(await http.GET("/notes/{id}", { params: at(id), signal: patience() })),

  create: async (id, { title, body, tags, notebook_id, pinned }) =>
    answered(
      await http.POST("/notes", {
        params: { header: { "Idempotency-Key": id } },
        body: {
          id,
          body,
          tags,
          pinned,
          ...(title === null ? {} : { title }),
          ...(notebook_id === null ? {} : { notebook_id }),
        },
        signal: patience(body.length),
      }),
    ),

  patch: async (id, version, patch) =>
    answered(
      await http.PATCH("/notes/{id}", {
        params: ifMatch(id, version),
        body: patch,
        signal: patience(patch.body?.length),
      }),
    ),

  trash: async (id, version) => {
    await http.DELETE("/notes/{id}", { params: ifMatch(id, version), signal: patience() });
  },

  purge: async (id, version) => {
    const params = { ...ifMatch(id, version), query: { permanent: true } };
    await http.DELETE("/notes/{id}", { params, signal: patience() });
  },

  restore: async (id) => answered(await http.POST("/notes/{id}/restore", { params: at(id), signal: patience() })),

  changes: async (since) => {
    const query = since ? { since: since.seq, store: since.store } : {};
    const { data } = await http.GET("/changes", { params: { query }, signal: patience() });
    if (!data?.store) throw new Unreachable("the answer is no log");
    // Without a position it is the head that counts, also when the server was restored and its numbers begin anew.
    newest.change = since ? Math.max(newest.change, data.next) : data.head;
    return data;
  },

  page: async (cursor, limit) => {
    const query = { include: "body", limit: Math.min(200, limit), ...(cursor ? { cursor } : {}) } as const;
    const { data } = await http.GET("/notes", { params: { query }, signal: patience() });
    if (!data?.items) throw new Unreachable("the answer is no list");
    return { notes: data.items, next: data.next_cursor ?? undefined };
  },

  whoami: async () => {
    const { data } = await http.GET("/me", { signal: patience() });
    if (!data?.id) throw new Unreachable("the answer is no account");
    return data.id;
  },
};
