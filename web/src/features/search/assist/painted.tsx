/**
 * The query in colours, laid over the text field, whose own letters are not painted meanwhile (`search.css`).
 *
 * A layer instead of an editable element: typing, selecting, undoing and reading aloud stay the field's. What a reader would get
 * wrong: nothing here may change the width of a letter, or the cursor would stand beside it: colours and lines, no weights.
 */
import { type RefObject, useLayoutEffect } from "react";
import { createPortal } from "react-dom";
import { lex, unitsOf } from "../query/lexer";
import "./search.css";

interface Run {
  from: number;
  text: string;
  look: string;
}

/** The text in runs of one look each. `wrong` are places in code points. */
export function runsOf(text: string, wrong: readonly { start: number; end: number }[]): Run[] {
  const units = unitsOf(text);
  const looks = new Map<number, string>();
  const edges = new Set([0, text.length]);
  const { parts } = lex(text);
  for (const { start, end } of [...parts, ...wrong]) {
    edges.add(units[start] ?? 0);
    edges.add(units[end] ?? text.length);
  }
  const sorted = [...edges].sort((a, b) => a - b);
  for (const [index, from] of sorted.entries()) {
    const to = sorted[index + 1];
    if (to === undefined) break;
    const within = ({ start, end }: { start: number; end: number }) =>
      (units[start] ?? 0) <= from && to <= (units[end] ?? text.length);
    const part = parts.find(within);
    looks.set(
      from,
      [part && part.kind !== "word" && `q-${part.kind}`, part?.negated && "q-not", wrong.some(within) && "q-wrong"]
        .filter(Boolean)
        .join(" "),
    );
  }
  return sorted.slice(0, -1).map((from, index) => ({
    from,
    text: text.slice(from, sorted[index + 1]),
    look: looks.get(from) ?? "",
  }));
}

export function Painted({
  field,
  text,
  wrong,
  scrolled,
  inside,
}: {
  field: RefObject<HTMLInputElement | null>;
  text: string;
  wrong: readonly { start: number; end: number }[];
  scrolled: number;
  inside: boolean;
}) {
  const element = field.current;
  useLayoutEffect(() => {
    if (!element) return;
    element.dataset.painted = "";
    return () => {
      delete element.dataset.painted;
    };
  }, [element]);
  if (!element?.parentElement) return null;
  return createPortal(
    <div aria-hidden className="query-paint" data-inside={inside || undefined}>
      <div dir="auto" className="query-line" style={inside ? { transform: `translateX(${-scrolled}px)` } : undefined}>
        {runsOf(text, wrong).map(({ from, text, look }) =>
          look ? (
            <span key={from} className={look}>
              {text}
            </span>
          ) : (
            text
          ),
        )}
      </div>
    </div>,
    element.parentElement,
  );
}
