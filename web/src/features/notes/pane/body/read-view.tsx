/**
 * The text of a note to be read, before and instead of the editor: on phones until somebody taps, elsewhere until the editor is
 * there.
 *
 * Owns the way from a tap to an offset in the text. The editor shows the same text better; this one costs nothing.
 */
import clsx from "clsx";
import { useEffect, useMemo, useRef, useState } from "react";
import { t } from "@/shared/i18n/all";
import { type Line, type Part, readLines } from "./lines";
import { offsetOfPoint } from "./offset";

/** Lines at first, and how many follow when the end comes near: a megabyte has tens of thousands. */
const FIRST = 250;
const MORE = 1000;

export function ReadView({ text, onTap }: { text: string; onTap?: ((offset: number) => void) | undefined }) {
  const root = useRef<HTMLElement>(null);
  const [most, setMost] = useState(FIRST);
  const { lines, whole } = useMemo(() => readLines(text, most), [text, most]);

  // A shortcut for fingers; keyboards and screen readers have the button, and read the text as text.
  useEffect(() => {
    const element = root.current;
    if (!element || !onTap) return;
    const tap = (event: MouseEvent) => {
      // Who selects wants to copy, not to write.
      if (getSelection()?.isCollapsed === false) return;
      onTap(offsetOfPoint(element, event.clientX, event.clientY) ?? text.length);
    };
    element.addEventListener("click", tap);
    return () => element.removeEventListener("click", tap);
  }, [onTap, text.length]);

  return (
    <>
      {onTap && (
        <button
          type="button"
          onClick={() => onTap(text.length)}
          className="sr-only rounded-md font-medium text-accent focus:not-sr-only focus:min-h-9 focus:px-3"
        >
          {t("command.note.edit")}
        </button>
      )}
      <section
        ref={root}
        aria-label={t("notes.pane.text")}
        className={clsx(
          "min-h-48 pt-1 pb-[30vh] text-[length:var(--note-size)] leading-[1.65] wrap-anywhere whitespace-pre-wrap",
          onTap && "cursor-text",
        )}
      >
        {onTap && text === "" && <p className="text-muted">{t("notes.pane.empty")}</p>}
        {blocksOf(lines).map((block) => {
          const [first] = block;
          return first.cells ? (
            <TableLines key={first.from} lines={block} />
          ) : (
            <TextLine key={first.from} line={first} />
          );
        })}
        {!whole && <More onNear={() => setMost(most + MORE)} />}
      </section>
    </>
  );
}

/** Tells when the end of what is shown comes near. */
function More({ onNear }: { onNear: () => void }) {
  const mark = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!mark.current || typeof IntersectionObserver === "undefined") return;
    const observer = new IntersectionObserver(([entry]) => entry?.isIntersecting && onNear(), {
      rootMargin: "0px 0px 2000px 0px",
    });
    observer.observe(mark.current);
    return () => observer.disconnect();
  }, [onNear]);
  return <div ref={mark} className="h-px" />;
}

const headings = ["", "text-[1.5em]", "text-[1.25em]", "text-[1.1em]", "", "text-muted", "text-muted"];
const lineLooks: Partial<Record<Line["kind"], string>> = {
  text: "",
  heading: "font-[650] leading-[1.3] tracking-[-0.01em] pt-[0.75em] pb-[0.25em] first:pt-[0.1em]",
  bullet: "relative ps-[1.4em] before:absolute before:start-[0.3em] before:content-['•'] before:text-muted",
  task: "relative ps-[1.6em] before:absolute before:start-0 before:content-['☐']",
  done: "relative ps-[1.6em] text-muted before:absolute before:start-0 before:content-['☑'] before:text-accent",
  number: "ps-[1.4em] -indent-[1.1em]",
  quote: "border-s-3 border-line ps-3 text-muted",
  code: "bg-sunken px-3 font-mono text-[0.875em]",
  rule: "my-[0.8em] border-t border-line h-px",
};
const partLooks: Record<Part["look"], string | undefined> = {
  plain: undefined,
  hidden: "hidden",
  strong: "font-[650]",
  emphasis: "italic",
  code: "rounded bg-sunken px-1 font-mono text-[0.875em]",
  muted: "text-muted",
};

/** Lines by themselves, but for those of a table. */
function blocksOf(lines: Line[]): [Line, ...Line[]][] {
  const blocks: [Line, ...Line[]][] = [];
  for (const line of lines) {
    const last = blocks.at(-1);
    if (last && (line.kind === "delimiter" || line.kind === "row")) last.push(line);
    else blocks.push([line]);
  }
  return blocks;
}

const alignments = { start: "text-start", center: "text-center", end: "text-end" };

/** Columns keep to their longest word; what does not fit is scrolled to, within the table. */
function TableLines({ lines }: { lines: Line[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: whoever has no pointer scrolls it by keys
    <div tabIndex={0} className="overflow-x-auto py-2">
      <table className="border-collapse text-[0.9375em] leading-normal wrap-normal">
        <tbody>
          {lines.map(({ from, kind, cells = [] }) => {
            const Box = kind === "head" ? "th" : "td";
            return (
              <tr key={from} data-line={from} hidden={kind === "delimiter"}>
                {cells.map(({ align, parts }, at) => (
                  <Box
                    // biome-ignore lint/suspicious/noArrayIndexKey: a column is known by nothing else
                    key={at}
                    dir="auto"
                    className={clsx(
                      "border border-line px-[0.55em] py-[0.3em] align-top",
                      kind === "head" && "bg-sunken font-semibold",
                      alignments[align ?? "start"],
                    )}
                  >
                    <Parts parts={parts} />
                  </Box>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function TextLine({ line }: { line: Line }) {
  const { kind, level, parts } = line;
  return (
    <div
      dir="auto"
      data-line={line.from}
      style={kind !== "heading" && level > 0 ? { marginInlineStart: `${level * 1.4}em` } : undefined}
      className={clsx("min-h-[1lh]", lineLooks[kind], kind === "heading" && headings[level])}
    >
      <Parts parts={parts} />
    </div>
  );
}

function Parts({ parts }: { parts: Part[] }) {
  return parts.map((part) => {
    const look = partLooks[part.look];
    return look ? (
      <span key={part.at} className={look}>
        {part.text}
      </span>
    ) : (
      part.text
    );
  });
}
