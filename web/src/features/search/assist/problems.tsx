/**
 * What the server could not understand of a query, below the field. It was searched all the same.
 *
 * What is wrong comes by its kind and is said in the language of the app. A kind that a newer server has and this app does not know is
 * said as the server says it, in English.
 */
import { type ReactNode, useEffect, useState } from "react";
import type { RowsState } from "@/features/notes/list/use-rows";
import type { components } from "@/shared/api/schema";
import { currentLanguage, everyWord, isMessage } from "@/shared/i18n/all";
import { filterValues, lex, nearKey, pointAt } from "../query/lexer";
import { unmarked, withCode } from "./marked";
import type { Caret } from "./use-caret";

export const PROBLEMS = "search-problems";

export interface QueryProblem {
  /** In code points of the field's text. */
  span: { start: number; end: number };
  /** Absent until the server has said it. */
  sentence?: ReactNode;
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
  return problemsOf(
    text,
    q.trim() === text.trim() && !list.earlier ? list.findings?.query?.problems : undefined,
  ).filter(({ span }) => span.end !== typing);
}

type Answered = components["schemas"]["QueryProblem"];

/** Those of the answer, or while there is none, those that can be seen from here. */
function problemsOf(text: string, answered: Answered[] | undefined): QueryProblem[] {
  if (!answered) return lex(text).problems.map(([start, end]) => ({ span: { start, end } }));
  const points = Array.from(text);
  // The server was asked without the space before it.
  const before = Array.from(text.slice(0, text.length - text.trimStart().length)).length;
  return answered.map((problem) => {
    const span = { start: problem.start + before, end: problem.end + before };
    return { span, sentence: sentenceOf(problem, points.slice(span.start, span.end).join("")) };
  });
}

/** Dates as they may be written, one of each kind. */
const DATES = ["2026-03", ">2026-03-14", "7d", "last-month"];

function sentenceOf({ kind, detail }: Answered, part: string): ReactNode {
  const key = `search.problem.${kind}` as string;
  // A kind that is not known, or an answer without one.
  if (!isMessage(key)) return withCode(detail);
  const name = /^-?([a-z]+):/iu.exec(part)?.[1] ?? "";
  const values =
    kind === "no-state" ? filterValues.is : kind === "no-content" ? filterValues.has : kind === "no-date" ? DATES : [];
  const oneOf = new Intl.ListFormat(currentLanguage(), { type: "disjunction" });
  return withCode(
    everyWord(key, {
      ...unmarked({ part, name, near: nearKey(name) ?? "" }),
      values: oneOf.format(values.map((value) => `\`${value}\``)),
    }),
  );
}

export function Problems({ problems }: { problems: readonly QueryProblem[] }) {
  const said = problems.flatMap(({ sentence, span }) => (sentence ? [{ sentence, key: span.start }] : []));
  return (
    <div
      id={PROBLEMS}
      role="status"
      className="basis-full px-1 space-y-1 text-xs leading-relaxed text-danger wrap-anywhere empty:hidden"
    >
      {said.map(({ sentence, key }) => (
        <p key={key}>{sentence}</p>
      ))}
    </div>
  );
}
