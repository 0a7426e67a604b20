/**
 * Which line of the palette is marked.
 *
 * cmdk marks its first line once and keeps it when better ones arrive above it, so the mark is ours: the first line until
 * somebody moves it by key or pointer, and again when they type on. What a reader would get wrong: cmdk also reports marks that
 * it set by itself, when lines come and go; only those after a key count.
 */
import { useEffect, useRef, useState } from "react";

export function useSelection(lines: readonly string[]) {
  const [chosen, setChosen] = useState<string>();
  const byKey = useRef(false);
  const value = chosen !== undefined && lines.includes(chosen) ? chosen : (lines[0] ?? "");
  return {
    value,
    /** The person moved the mark. */
    choose: setChosen,
    /** A key that moves it is on its way to cmdk. */
    keyPressed: () => {
      byKey.current = true;
    },
    /** For cmdk. */
    onValueChange: (marked: string) => {
      if (byKey.current) setChosen(marked);
      byKey.current = false;
    },
    /** The person typed: the best is the first again. */
    reset: () => {
      byKey.current = false;
      setChosen(undefined);
    },
  };
}

/** Names the marked line to screen readers. cmdk does so for marks of its own making alone. */
export function useActiveLine(value: string, lines: readonly string[]) {
  const root = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!lines.includes(value)) return;
    const frame = requestAnimationFrame(() => {
      const marked = root.current?.querySelector("[cmdk-item][aria-selected=true]");
      const input = root.current?.querySelector("[cmdk-input]");
      if (marked) input?.setAttribute("aria-activedescendant", marked.id);
    });
    return () => cancelAnimationFrame(frame);
  }, [value, lines]);
  return root;
}
