/** The words of a query that stand in the text of its hits: without filters, what must not be there, and marks of phrases. */
export function wordsOf(q: string): string[] {
  const parts = q.match(/-?"[^"]*"|\S+/g) ?? [];
  return parts
    .filter((part) => !part.startsWith("-") && !/^(tag|notebook|is|in):/i.test(part))
    .map((part) => part.replace(/^"|"$|\*$/g, "").trim())
    .filter((part) => part !== "");
}
