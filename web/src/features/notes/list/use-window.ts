/**
 * The lines that are in the page: those that can be seen, and some around them.
 *
 * Our own hundred lines instead of `@tanstack/react-virtual`: that one measures lines, of which ours need none, and weighs as much
 * as the rest of the list. What a reader would get wrong: the exact offset is in a ref. Rendering follows in steps of
 * some rows, so most frames of scrolling render nothing.
 */
import { type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { Layout } from "./layout";

/** Lines beyond what is seen. */
const BEYOND = 8;
/** How far is scrolled before the lines in the page change, in rows. */
const STEP = 3;
/** Taken for the height of the list until it is known. */
const screenHeight = () => window.innerHeight || 900;

export interface Window {
  /** The lines in the page, in order. */
  lines: number[];
  /** The last line that is near to being seen. */
  last: number;
  /** How far the list is scrolled, without making the browser lay out the page to tell. */
  offset: () => number;
  /** Brings a line into view, by the shortest way. */
  scrollTo: (line: number) => void;
}

/** `kept`: a line that stays in the page wherever it is, since it has the focus. */
export function useWindow(
  scroller: RefObject<HTMLElement | null>,
  layout: Layout,
  row: number,
  kept: number | undefined,
): Window {
  const exact = useRef(0);
  const step = row * STEP;
  const [{ from, height }, setSeen] = useState(() => ({ from: 0, height: screenHeight() }));

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let seen = { from: -1, height: 0 };
    const look = (apply: (set: () => void) => void) => {
      // What is hidden has no height and cannot be scrolled.
      if (element.clientHeight === 0) return;
      exact.current = element.scrollTop;
      const from = Math.floor(exact.current / step) * step;
      if (from === seen.from && element.clientHeight === seen.height) return;
      seen = { from, height: element.clientHeight };
      const next = seen;
      apply(() => setSeen(next));
    };
    const soon = () => look((set) => set());
    // At once: a frame later there would be nothing to be seen at the end of a fast scroll.
    const onScroll = () => look(flushSync);
    // It is told the height at once too, but after the page is laid out: asking for it here would lay it out now.
    const resized = new ResizeObserver(soon);
    resized.observe(element);
    element.addEventListener("scroll", onScroll, { passive: true });
    return () => {
      resized.disconnect();
      element.removeEventListener("scroll", onScroll);
    };
  }, [scroller, step]);

  const first = Math.max(0, Math.min(layout.lineAt(from) - BEYOND, layout.lines - 1));
  const last = Math.min(layout.lines - 1, layout.lineAt(from + height + step) + BEYOND);
  const lines = useMemo(() => {
    const seen = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
    if (kept === undefined || kept >= layout.lines) return seen;
    if (kept < first) return [kept, ...seen];
    return kept > last ? [...seen, kept] : seen;
  }, [first, last, kept, layout]);

  const scrollTo = useCallback(
    (line: number) => {
      const element = scroller.current;
      if (!element) return;
      const [top, bottom] = [layout.top(line), layout.top(line) + layout.height(line)];
      if (top < element.scrollTop) element.scrollTop = top;
      else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
    },
    [scroller, layout],
  );
  return { lines, last, offset: useCallback(() => exact.current, []), scrollTo };
}
