/** What the server could not understand of a query, below the field. It was searched all the same. */
import { useEffect, useState } from "react";
import type { RowsState } from "@/features/notes/list/use-rows";
import { currentLanguage, t } from "@/shared/i18n/all";
import { lex, pointAt } from "../query/lexer";
import type { Caret } from "./use-caret";

export const PROBLEMS = "search-problems";

export interface QueryProblem {
  /** In code points of the field's text. */
  span: { start: number; end: number };
  /** Absent until the server has said it. */
  sentence?: string;
}

/**
 * How long the term under the caret counts as being typed after the field was left, in milliseconds. Its sentence moves what stands
 * below, and whoever leaves by a press on that must still meet it.
 */
const LEAVING = 400;

function useLingering(inside: boolean): boolean {
  const [lingers, setLingers] = useState(inside);
  useEffect(() => {
    if (inside) {
      setLingers(true);
      return;
    }
    const timer = setTimeout(() => setLingers(false), LEAVING);
    return () => clearTimeout(timer);
  }, [inside]);
  return inside || lingers;
}

/** The problems of the text in the field, but for the term that is just being typed. */
export function useProblems(text: string, q: string, { at, inside }: Caret, list: RowsState): QueryProblem[] {
  const typing = useLingering(inside) ? pointAt(text, at) : -1;
  return problemsOf(text, q === text.trim() && !list.earlier ? list.findings?.query?.problems : undefined).filter(
    ({ span }) => span.end !== typing,
  );
}

/** Those of the answer, or while there is none, those that can be seen from here. */
function problemsOf(
  text: string,
  answered: { start: number; end: number; detail: string }[] | undefined,
): QueryProblem[] {
  if (!answered) return lex(text).problems.map(([start, end]) => ({ span: { start, end } }));
  const points = Array.from(text);
  // The server was asked without the space around it.
  const before = Array.from(text.slice(0, text.length - text.trimStart().length)).length;
  return answered.map(({ start, end, detail }) => {
    const span = { start: start + before, end: end + before };
    // The server speaks English.
    const part = points.slice(span.start, span.end).join("");
    return { span, sentence: currentLanguage() === "en" ? detail : t("search.literal", { part }) };
  });
}

export function Problems({ problems }: { problems: readonly QueryProblem[] }) {
  const said = problems.flatMap(({ sentence, span }) => (sentence ? [{ sentence, key: span.start }] : []));
  return (
    <div id={PROBLEMS} role="status" className="basis-full px-1 text-xs text-danger wrap-anywhere empty:hidden">
      {said.map(({ sentence, key }) => (
        <p key={key}>{sentence}</p>
      ))}
    </div>
  );
}
