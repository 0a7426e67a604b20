/**
 * What to mark in a note that was found: the words as they stand in it, which the search may have found by another form.
 */
import { useLocation } from "@tanstack/react-router";
import type { SearchHit } from "@/shared/api/client";

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** The words that the note was found by. */
    words?: string[];
  }
}

/** The words and quoted phrases of a query. */
function wordsOf(query: string): string[] {
  const found = query.matchAll(/"([^"]+)"?|([\p{L}\p{N}\p{M}_'’-]+)/gu);
  return unique([...found].map(([, phrase, word]) => (phrase ?? word ?? "").trim()));
}

/** What a hit marks in the text, in the order of its fragments; falls back on nothing where only the title was found. */
function wordsIn(hit: Pick<SearchHit, "highlights">): string[] {
  return unique(
    hit.highlights
      .filter(({ field }) => field === "body")
      .flatMap(({ fragment, ranges }) => {
        const points = Array.from(fragment);
        return ranges.map(([from = 0, to = 0]) => points.slice(from, to).join(""));
      }),
  );
}

function unique(words: string[]): string[] {
  const seen = new Set<string>();
  return words.filter((word) => {
    const key = word.toLocaleLowerCase();
    return word !== "" && !seen.has(key) && seen.add(key);
  });
}

/** The words to mark in a note: as they stand in what was found, or as they were asked for. */
export const wordsToReveal = (found: Pick<SearchHit, "highlights"> | string): string[] =>
  typeof found === "string" ? wordsOf(found) : wordsIn(found);

/** The words that the open note was found by, for the editor's `reveal`; none when it was opened otherwise. */
export const useRevealWords = (): string[] | undefined => useLocation({ select: ({ state }) => state.words });
