/** Ticking tasks, by key and by hand. */
import { syntaxTree } from "@codemirror/language";
import type { EditorState } from "@codemirror/state";
import type { Command, EditorView } from "@codemirror/view";

/** The place of the letter between a task's brackets, on the line of that position. */
export function tickPlace(state: EditorState, position: number): number | null {
  const line = state.doc.lineAt(position);
  let found: number | null = null;
  syntaxTree(state).iterate({
    from: line.from,
    to: line.to,
    enter: (node) => {
      if (node.name === "TaskMarker" && node.from >= line.from && node.to <= line.to) found ??= node.from + 1;
    },
  });
  return found;
}

function toggle(view: EditorView, places: number[]): boolean {
  if (view.state.readOnly || places.length === 0) return false;
  // Several at once all take the state that the first one gets.
  const done = view.state.sliceDoc(places[0], (places[0] ?? 0) + 1) !== " ";
  view.dispatch({
    changes: places.map((place) => ({ from: place, to: place + 1, insert: done ? " " : "x" })),
    userEvent: "input.tick",
  });
  return true;
}

/** Ticks the task on that line, or takes the tick away; the cursor stays where it is. */
export function toggleTaskAt(view: EditorView, position: number): boolean {
  const place = tickPlace(view.state, position);
  return place !== null && toggle(view, [place]);
}

/** Ticks the tasks on the selected lines. */
export const toggleTask: Command = (view) => {
  const { doc, selection } = view.state;
  const places = new Set<number>();
  for (const range of selection.ranges) {
    for (let at = range.from; at <= range.to; at = doc.lineAt(at).to + 1) {
      const place = tickPlace(view.state, at);
      if (place !== null) places.add(place);
    }
  }
  return toggle(view, [...places]);
};
