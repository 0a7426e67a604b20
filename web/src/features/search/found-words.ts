/** What a hit says of the text that it was found in. */
import type { SearchHit } from "@/shared/api/client";
import type { Sought } from "./sought";

type Highlights = Pick<SearchHit, "highlights">;

/** The marked words of the text as they stand there, each once, and where the first of them is. */
export function soughtIn({ highlights }: Highlights, q: string): Sought {
  const seen = new Map<string, string>();
  let at: number | undefined;
  for (const { field, fragment, ranges, offset } of highlights) {
    if (field !== "body") continue;
    const points = Array.from(fragment);
    for (const [from = 0, to = 0] of ranges) {
      const word = points.slice(from, to).join("");
      if (word && !seen.has(word.toLocaleLowerCase())) seen.set(word.toLocaleLowerCase(), word);
      at ??= offset + from;
    }
  }
  return { q, words: [...seen.values()], ...(at === undefined ? {} : { at }) };
}
