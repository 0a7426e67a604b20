/** What to mark in a note that was found: the words of the query, and their forms that the search found. */
import { lex } from "../query/lexer";
import type { Sought } from "../sought";

/**
 * As `editor/text/fold.ts` takes them: a phrase stays together, a star stands for what follows. The last word goes on while nothing
 * follows it, as in the search itself.
 */
export function termsOf({ q, words = [] }: Sought): string[] {
  const { parts } = lex(q);
  const terms = new Set<string>();
  /** Whether what is inside of the open parentheses is left out. */
  const groups: boolean[] = [];
  for (const [index, { kind, value, negated, key }] of parts.entries()) {
    if (kind === "group") {
      if (value === "(") groups.push(negated);
      else groups.pop();
      continue;
    }
    const text = kind === "filter" && key !== "title" ? "" : value.trim();
    if (kind === "or" || negated || groups.includes(true) || !/[\p{L}\p{N}]/u.test(text)) continue;
    const last = index === parts.length - 1 && kind !== "phrase" && !/\s$/u.test(q);
    terms.add(kind === "prefix" || last ? `${text}*` : text);
  }
  for (const word of words) terms.add(word);
  return [...terms];
}
