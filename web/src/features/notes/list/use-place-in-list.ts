/**
 * Where the keyboard is in the list, and where the list is scrolled to.
 *
 * The place follows the open note; the keys move it on from there. Each list remembers how far it was scrolled, for the way
 * back from a note or another list.
 */
import { type RefObject, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useActions } from "@/app/actions/registry";
import { listKey } from "../queries";
import type { NotesView } from "../view";
import type { ListedRow } from "./merge";

const offsets = new Map<string, number>();

export interface CurrentRow {
  /** The note that the keyboard is at. */
  note: string | undefined;
  /** Its row, `-1`: none. */
  index: number;
  go: (note: string) => void;
}

/** The row that the keyboard is at: the open note, until the keys or the focus move on. */
export function useCurrentRow(rows: readonly ListedRow[], open: string | undefined): CurrentRow {
  const [note, go] = useState<string | undefined>(open);
  const [followed, setFollowed] = useState(open);
  if (open !== followed) {
    setFollowed(open);
    if (open) go(open);
  }
  const index = useMemo(() => (note ? rows.findIndex((row) => row.note.id === note) : -1), [rows, note]);
  return { note, index, go };
}

export interface PlaceInList {
  /** Puts the keyboard on that row. */
  go: (index: number) => void;
  /** The same by so many rows; `false` where there is none. */
  step: (by: number) => boolean;
}

export function usePlaceInList({
  view,
  rows,
  open,
  scroller,
  current,
  offset,
  scrollTo,
}: {
  view: NotesView;
  rows: readonly ListedRow[];
  open: string | undefined;
  scroller: RefObject<HTMLDivElement | null>;
  current: CurrentRow;
  /** How far the list is scrolled, without making the browser lay out the page to tell. */
  offset: () => number;
  scrollTo: (index: number) => void;
}): PlaceInList {
  // Scrolled to where the list was left, as soon as it is there to be scrolled.
  const name = JSON.stringify(listKey(view));
  const filled = rows.length > 0;
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element || !filled) return;
    // Not where it is there already, as in a list that has just come: being set lays the page out at once.
    const left = offsets.get(name) ?? 0;
    if (left !== offset()) element.scrollTop = left;
    return () => {
      offsets.set(name, offset());
    };
  }, [scroller, name, filled, offset]);

  // The open note is kept in view when another one is opened; not when its row moves by itself.
  const latest = useRef({ rows, scrollTo });
  useEffect(() => {
    latest.current = { rows, scrollTo };
  });
  useEffect(() => {
    if (!open || !filled) return;
    const to = latest.current.rows.findIndex(({ note }) => note.id === open);
    if (to >= 0) latest.current.scrollTo(to);
  }, [open, filled]);

  // Focused once it is in the page.
  const focus = useRef<string>(undefined);
  useEffect(() => {
    const id = focus.current;
    if (!id) return;
    const row = scroller.current?.querySelector<HTMLElement>(`a[data-note="${id}"]`);
    if (!row) return;
    focus.current = undefined;
    row.focus({ preventScroll: true });
  });

  const go = (to: number) => {
    const row = rows[to];
    if (!row) return;
    current.go(row.note.id);
    focus.current = row.note.id;
    scrollTo(to);
  };
  const step = (by: number): boolean => {
    const to = current.index < 0 ? 0 : current.index + by;
    if (!rows[to]) return false;
    go(to);
    return true;
  };

  useActions({
    "note.next": { run: () => step(1), enabled: filled },
    "note.previous": { run: () => step(-1), enabled: filled },
    "note.open": {
      run: () => scroller.current?.querySelector<HTMLElement>(`a[data-note="${current.note}"]`)?.click(),
      enabled: current.index >= 0,
    },
  });

  return { go, step };
}
