/**
 * The editor on the screen. Loaded on demand: `lazy(() => import("@/features/editor/editor"))`.
 *
 * Owns the life of one CodeMirror view and answers its handle. It is as high as its text; the pane around it scrolls, and only
 * what is in sight is in the page. What a reader would get wrong: the text lives in CodeMirror, not in React. `initial` is read
 * once; what comes later comes by `replace`, and another note wants another `key`.
 */
import { Transaction } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useImperativeHandle, useLayoutEffect, useRef } from "react";
import { formats } from "./commands";
import { find } from "./find/find";
import { addLaterParts, createState, fromElsewhere, type Listeners, setReadOnly } from "./setup";
import { endingOf, lineEndingOf, positionOf, setLineEnding, textOf } from "./text/line-endings";
import { smallestChanges } from "./text/replace";
import type { EditorHandle, EditorProps } from "./types";
import "./editor.css";
import "./code.css";

export type { EditorHandle, EditorProps, FormatName, Heading, Outline } from "./types";

/** Takes the text over from elsewhere. Undo takes back what the person did, around what came. */
function takeOver(view: EditorView, text: string): void {
  const ending = endingOf(text);
  const inside = (source: string) => (ending === "\n" ? source : source.replaceAll(ending, "\n"));
  const current = view.state.doc.toString();
  const changes = smallestChanges(current, inside(text));
  if (changes.length === 0 && ending === lineEndingOf(view.state)) return;
  view.dispatch({
    changes,
    effects: ending === lineEndingOf(view.state) ? [] : [setLineEnding.of(ending)],
    annotations: [fromElsewhere.of(true), Transaction.addToHistory.of(false), Transaction.remote.of(true)],
  });
}

function handleOf(view: EditorView): EditorHandle {
  return {
    focus: () => view.focus(),
    text: () => textOf(view.state),
    replace: (text) => takeOver(view, text),
    matches: () => import("./find/walk").then(({ walkThrough }) => walkThrough(view)),
    goTo(offset) {
      const anchor = positionOf(view.state, offset);
      view.dispatch({ selection: { anchor }, effects: EditorView.scrollIntoView(anchor, { y: "start", yMargin: 24 }) });
      view.focus();
    },
    openFind: () => void find(view).catch(() => {}),
    run: (format) => formats[format](view),
  };
}

export default function Editor({
  initial,
  onChange,
  onCount,
  onOutline,
  readOnly = false,
  autoFocus,
  ref,
}: EditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  // The listeners of the last render; the view is made once.
  const listeners = useRef({ onChange, onCount, onOutline });
  useEffect(() => {
    listeners.current = { onChange, onCount, onOutline };
  });

  const first = useRef({ initial, readOnly, autoFocus });
  // Before the handle is given out, which happens in the same phase.
  useLayoutEffect(() => {
    if (!place.current) return;
    const { initial, readOnly, autoFocus } = first.current;
    const told: Listeners = {
      changed: (state) => listeners.current.onChange(() => textOf(state)),
      counted: (count) => listeners.current.onCount?.(count),
      outlined: (outline) => listeners.current.onOutline?.(outline),
    };
    const editor = new EditorView({ parent: place.current, state: createState(initial, readOnly, told) });
    view.current = editor;
    addLaterParts(editor, told).catch(() => {});
    if (autoFocus) {
      const anchor = autoFocus === "end" ? editor.state.doc.length : positionOf(editor.state, autoFocus.at);
      editor.dispatch({ selection: { anchor }, scrollIntoView: true });
      editor.focus();
    }
    return () => {
      view.current = null;
      editor.destroy();
    };
  }, []);

  useEffect(() => {
    if (view.current && view.current.state.readOnly !== readOnly) setReadOnly(view.current, readOnly);
  }, [readOnly]);

  useImperativeHandle(ref, () => {
    if (!view.current) throw new Error("the editor is asked for before it is there");
    return handleOf(view.current);
  }, []);

  return <div ref={place} className="ink-editor" />;
}
