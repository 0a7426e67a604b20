/** What is offered while somebody types: known tags and notebooks at once, what the server suggests after a pause. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useMemo, useState } from "react";
import { useNotebooks } from "@/features/notebooks/queries";
import type { RowsState } from "@/features/notes/list/use-rows";
import { useTags } from "@/features/tags/queries";
import { http, type Suggestion } from "@/shared/api/client";
import { type Context, contextAt, type Offer, valueOffers, widerContext, wordOffers } from "./offers";

/** A pause in typing, in milliseconds. */
const PAUSE = 150;
/** Of each kind. */
const ASKED = 5;

/** The text after a pause, or none while it still changes. */
function useSettled(text: string): string | undefined {
  const [settled, setSettled] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled === text ? settled : undefined;
}

async function suggest(q: string, signal: AbortSignal): Promise<Suggestion[]> {
  const { data } = await http.GET("/search/suggest", { params: { query: { q, limit: ASKED } }, signal });
  return data?.items ?? [];
}

/** What the server suggests for a word. Without an answer (offline, an older server) there is nothing to suggest. */
function useSuggestions(word: string): readonly Suggestion[] {
  const q = useSettled(word);
  const { data } = useQuery({
    queryKey: ["search", "suggest", q],
    queryFn: ({ signal }) => suggest(q ?? "", signal),
    // Overtaken questions have no observer any more, and are taken back.
    enabled: q !== undefined && q !== "",
    placeholderData: keepPreviousData,
    staleTime: 30_000,
    retry: false,
  });
  return word && data ? data : none;
}

const none: readonly never[] = [];

export interface Offers {
  context: Context | undefined;
  offers: readonly Offer[];
}

/** `wanted`: somebody types. */
export function useOffers(text: string, caret: number, wanted: boolean, { rows }: RowsState): Offers {
  const narrow = useMemo(() => (wanted ? contextAt(text, caret) : undefined), [text, caret, wanted]);
  const wide = useMemo(() => narrow && widerContext(text, narrow), [text, narrow]);
  const word = narrow && !narrow.key && Array.from(narrow.typed).length > 1 ? narrow.typed : "";
  const suggestions = useSuggestions(word);
  const tags = useTags((wide ?? narrow)?.key === "tag") ?? none;
  const notebooks = useNotebooks() ?? none;
  return useMemo(() => {
    if (!narrow) return { context: undefined, offers: none };
    const values = ({ key, typed }: Context) => (key ? valueOffers(key, typed, { tags, notebooks }) : none);
    if (narrow.key) return { context: narrow, offers: values(narrow) };
    const names = wide ? values(wide) : none;
    if (names.length > 0) return { context: wide, offers: names };
    return { context: narrow, offers: wordOffers(narrow, suggestions, new Set(rows.map(({ note }) => note.id))) };
  }, [narrow, wide, suggestions, tags, notebooks, rows]);
}
