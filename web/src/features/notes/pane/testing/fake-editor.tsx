/** A text area in the editor's place: the same door, none of its weight. */
import { useEffect, useImperativeHandle, useRef } from "react";
import type { EditorProps } from "@/features/editor/types";

/** What was asked of the editor, in order. */
export const asked: string[] = [];

export default function FakeEditor({ initial, onChange, readOnly, autoFocus, ref }: EditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const text = () => field.current?.value ?? "";
  const focused = useRef(autoFocus !== undefined);
  useEffect(() => {
    if (focused.current) field.current?.focus();
  }, []);
  useImperativeHandle(ref, () => ({
    focus: () => field.current?.focus(),
    text,
    replace: (next) => {
      if (field.current) field.current.value = next;
    },
    matches: async () => ({
      show: (terms, start, tell) => {
        asked.push(`mark ${terms.join(" ")} from ${start.at ?? start.nth}`);
        tell({ current: 1, count: 3, more: false });
      },
      step: (by) => asked.push(`step ${by}`),
      leave: () => asked.push("leave"),
    }),
    goTo: (offset) => asked.push(`go to ${offset}`),
    openFind: () => asked.push("find"),
    headings: () => [],
    run: () => false,
  }));
  return (
    <textarea
      ref={field}
      aria-label="Text"
      defaultValue={initial}
      readOnly={readOnly}
      onChange={() => onChange(text)}
    />
  );
}
