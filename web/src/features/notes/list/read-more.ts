/**
 * Going on behind the last row that a list has.
 *
 * Fetched once the list stands there: the first page is what people wait for.
 */
import type { QueryClient } from "@tanstack/react-query";
import { Problem } from "@/shared/api/problem";
import { type Findings, listKey, type Row, type Rows, readPage, rowIdentity } from "../queries";
import type { NotesView } from "../view";
import { append, firstPage } from "./paged";

/** Reads the next page of a list into the cache. */
export async function readMore(client: QueryClient, view: NotesView): Promise<void> {
  const key = listKey(view);
  const next = client.getQueryData<Rows>(key)?.next;
  if (!next) return;
  // A fresh first page may have replaced the list meanwhile; then the page belongs nowhere.
  const put = (grown: (list: Rows) => Rows) =>
    client.setQueryData<Rows>(key, (now) => (now?.next === next ? grown(now) : now), {
      updatedAt: client.getQueryState(key)?.dataUpdatedAt ?? Date.now(),
    });
  try {
    const { page } = await readPage(view, next);
    put((list) => append(list, page, rowIdentity));
  } catch (error) {
    if (!(error instanceof Problem && error.type === "cursor-expired")) throw error;
    // The server no longer knows what the rows were chosen from. What follows in a new answer would not follow them.
    const { page, about } = await readPage(view, null);
    put(() => firstPage<Row, Findings | undefined>(page, about, rowIdentity));
  }
}
