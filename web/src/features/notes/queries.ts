/**
 * The lists of notes, as the server gives them: a place, a tag or a notebook in some order, or the answer to a search.
 *
 * Owns which request belongs to a view and the cache of its pages. What this device knows better than the server is laid over
 * it in `list/`; the text of a note is `sync/`'s.
 */
import { type QueryClient, queryOptions } from "@tanstack/react-query";
import type { Found } from "@/features/search/found";
import { queryKeys } from "@/features/sync/query-keys";
import { data, http, type Note, newest, type SearchAnswer, type SearchHit } from "@/shared/api/client";
import { changeItems, firstPage, type Identity, type Page, type Paged, refreshHead } from "./list/paged";
import { type NotesView, pinnedFirst, stateOf } from "./view";

/** A note in a list; highlights, and how to show them, where it was searched for. */
export type Row = SearchHit & { found?: Found };

/** What an answer says besides its hits. */
export type Findings = Pick<SearchAnswer, "total" | "total_exact" | "facets" | "index"> &
  Partial<Pick<SearchAnswer, "query" | "did_you_mean">>;
export type Rows = Paged<Row, Findings | undefined>;

export const rowIdentity: Identity<Row> = { id: (row) => row.note.id, version: (row) => row.note.version };

/** The first page fills every screen, the others come while one scrolls: larger, so that fewer are waited for. */
const FIRST = 100;
const MORE = 200;

const noHighlights: Row["highlights"] = [];
export const rowOf = (note: Note): Row => ({ note, highlights: noHighlights });

/** Reads one page of the view. */
export async function readPage(view: NotesView, cursor: string | null, signal?: AbortSignal) {
  const { place, tag, notebook, q, year, sort, order, exact } = view;
  const common = {
    ...(tag ? { tag } : {}),
    ...(notebook ? { notebook_id: notebook } : {}),
    ...(cursor ? { cursor } : {}),
    limit: cursor ? MORE : FIRST,
  };
  const more = signal ? { signal } : {};
  if (q) {
    // Without a place the server looks in active and archived notes: who searches wants to find.
    const query = {
      ...common,
      q,
      after: newest.change,
      ...(year ? { year } : {}),
      ...(place ? { state: stateOf(view) } : {}),
      ...(place === "pinned" ? { pinned: true } : {}),
      ...(order ? { sort: order } : {}),
      ...(exact ? { exact } : {}),
      // Whose midnight a date means; all else is the same everywhere.
      ...(/(created|updated):/i.test(q) ? { tz: Intl.DateTimeFormat().resolvedOptions().timeZone } : {}),
    };
    const [answer, shown] = await Promise.all([
      data(http.GET("/search", { params: { query }, ...more })),
      // Without it the rows show how their notes begin.
      import("@/features/search/found").catch(() => undefined),
    ]);
    const items: Row[] = shown ? answer.items.map((hit) => ({ ...hit, found: shown.foundIn(hit, q) })) : answer.items;
    return { page: { items, next: answer.next_cursor }, about: answer };
  }
  const query = {
    ...common,
    state: stateOf(view),
    ...(sort ? { sort } : {}),
    ...(place === "pinned" ? { pinned: "true" as const } : pinnedFirst(view) ? { pinned: "first" as const } : {}),
  };
  const { items, next_cursor } = await data(http.GET("/notes", { params: { query }, ...more }));
  return { page: { items: items.map(rowOf), next: next_cursor } satisfies Page<Row>, about: undefined };
}

/** All lists stand under this key; invalidating it costs one request, however long the list on the screen is. */
export const listsKey = [...queryKeys.notes, "lists"] as const;
export const listKey = ({ place, tag, notebook, q, year, sort, order, exact }: NotesView) =>
  [...listsKey, q ? { place, tag, notebook, q, year, order, exact } : { place, tag, notebook, sort }] as const;

export const listQuery = (view: NotesView) =>
  queryOptions({
    queryKey: listKey(view),
    queryFn: async ({ signal, client, queryKey }): Promise<Rows> => {
      const { page, about } = await readPage(view, null, signal);
      return refreshHead(
        client.getQueryData<Rows>(queryKey),
        firstPage<Row, Findings | undefined>(page, about, rowIdentity),
        rowIdentity,
      );
    },
    // Comparing fifty thousand notes with themselves takes longer than showing them.
    structuralSharing: false,
  });

/** How many notes the view holds; the list itself does not say until its end is read. */
export const totalQuery = (view: NotesView) =>
  queryOptions({
    queryKey: [...queryKeys.notes, "total", view.place, view.tag, view.notebook],
    queryFn: async ({ signal }) => {
      const query = {
        limit: 1,
        state: stateOf(view),
        ...(view.tag ? { tag: view.tag } : {}),
        ...(view.notebook ? { notebook_id: view.notebook } : {}),
        ...(view.place === "pinned" ? { pinned: true } : {}),
      };
      const { total, total_exact, index } = await data(http.GET("/search", { params: { query }, signal }));
      return total_exact && index === "ready" ? total : null;
    },
  });

/** Changes notes in every list that shows them, or takes them out (`undefined`), before the server has said anything. */
export function changeInLists(
  client: QueryClient,
  ids: ReadonlySet<string>,
  change: (note: Note, view: NotesView) => Note | undefined,
): void {
  for (const [key, rows] of client.getQueriesData<Rows>({ queryKey: listsKey })) {
    if (!rows) continue;
    const view = key[2] as NotesView;
    const changed = changeItems(
      rows,
      ids,
      (row) => {
        const note = change(row.note, view);
        return note && { ...row, note };
      },
      rowIdentity,
    );
    if (changed !== rows)
      client.setQueryData(key, changed, { updatedAt: client.getQueryState(key)?.dataUpdatedAt ?? 0 });
  }
}

/** After a change that moves notes or counts: lists, counts, tags and notebooks are asked again when they are looked at. */
export function refreshNotes(client: QueryClient): Promise<unknown> {
  return Promise.all(
    [queryKeys.notes, queryKeys.tags, queryKeys.notebooks].map((queryKey) => client.invalidateQueries({ queryKey })),
  );
}
