/**
 * The notes that the palette offers: the last ones, or those that fit what is typed.
 *
 * Owns asking the server as one types (a question that is overtaken is taken back) and this device where the server cannot be
 * reached. What was found before stays until the next answer, so that nothing flickers.
 */
import { keepPreviousData, type QueryClient, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { notebooksKey } from "@/features/notebooks/queries";
import { useSync } from "@/features/sync/provider";
import type { Sync } from "@/features/sync/types";
import { data, http, type Notebook, type SearchHit } from "@/shared/api/client";
import { Unreachable } from "@/shared/api/problem";

const MOST = 8;
/** A pause in typing, in milliseconds. */
const PAUSE = 120;

export interface FoundNotes {
  hits: SearchHit[];
  /** For what they were found; the palette may be a key ahead. */
  q: string;
  /** Whether they come from this device alone. */
  offline: boolean;
}

async function ask(q: string, signal: AbortSignal): Promise<SearchHit[]> {
  if (q) {
    const query = { q, limit: MOST };
    return (await data(http.GET("/search", { params: { query }, signal }))).items;
  }
  const query = { limit: MOST, sort: "-updated_at" } as const;
  const { items } = await data(http.GET("/notes", { params: { query }, signal }));
  return items.map((note) => ({ note, highlights: [] }));
}

async function onDevice(sync: Sync, client: QueryClient, q: string): Promise<SearchHit[]> {
  const { deviceSearch } = await import("@/features/search/device/search");
  const notebooks = client.getQueryData<Notebook[]>(notebooksKey);
  const notes = await sync.cached({ limit: MOST, ...(q ? deviceSearch(q, { notebooks, now: new Date() }) : {}) });
  return notes.map((note) => ({ note, highlights: [] }));
}

/** The text after a pause; at once when there was none before. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

export function useFoundNotes(typed: string, enabled: boolean) {
  const sync = useSync();
  const q = useSettled(typed.trim());
  const { data, error, isFetching } = useQuery({
    queryKey: ["search", "palette", q],
    queryFn: async ({ signal, client }): Promise<FoundNotes> => {
      try {
        return { hits: await ask(q, signal), q, offline: false };
      } catch (failure) {
        if (!(failure instanceof Unreachable)) throw failure;
        return { hits: await onDevice(sync, client, q), q, offline: true };
      }
    },
    enabled,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  });
  return {
    found: data,
    failed: error !== null && !isFetching,
    /** An answer to what is typed is still to come. */
    busy: isFetching || q !== typed.trim() || (data !== undefined && data.q !== q),
  };
}
