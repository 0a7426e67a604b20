/**
 * What begins a line: headings, lists, tasks, quotes; and blocks that are put in as a whole.
 *
 * Owns one rule for all of them: if every selected line has the mark, it goes; else all get it, in the place of another mark of
 * the same kind. Empty lines between others are left alone.
 */
import type { ChangeSpec, EditorState, Line } from "@codemirror/state";
import type { Command } from "@codemirror/view";

/** Marks that exclude each other: a line is a heading or an item or a task. */
const beginning = /^(#{1,6}[ \t]+|[-+*][ \t]+\[[ xX]\][ \t]+|[-+*][ \t]+|\d{1,9}[.)][ \t]+)/;

function selectedLines(state: EditorState): Line[] {
  const lines = new Map<number, Line>();
  for (const range of state.selection.ranges) {
    for (let at = range.from; at <= range.to; ) {
      const line = state.doc.lineAt(at);
      lines.set(line.from, line);
      at = line.to + 1;
    }
  }
  const all = [...lines.values()];
  return all.length === 1 ? all : all.filter((line) => /\S/.test(line.text));
}

/** Where a line's own text begins: behind quotes and indentation. */
const leadOf = (text: string): number => /^[\s>]*/.exec(text)?.[0].length ?? 0;

/** Changes the beginnings of the selected lines: `has` says what of a line is the wanted mark, `mark` what the n-th line gets. */
function toggleBeginning(has: RegExp, mark: (index: number) => string): Command {
  return (view) => {
    const { state } = view;
    if (state.readOnly) return false;
    const lines = selectedLines(state);
    const every = lines.every((line) => has.test(line.text.slice(leadOf(line.text))));
    const changes: ChangeSpec[] = lines.map((line, index) => {
      const from = line.from + leadOf(line.text);
      const present = beginning.exec(line.text.slice(leadOf(line.text)))?.[0] ?? "";
      return { from, to: from + present.length, insert: every ? "" : mark(index) };
    });
    const set = state.changes(changes);
    view.dispatch({
      changes: set,
      selection: state.selection.map(set, 1),
      userEvent: "input.format",
      scrollIntoView: true,
    });
    return true;
  };
}

export const toggleBullets = toggleBeginning(/^[-+*][ \t]+(?!\[[ xX]\][ \t])/, () => "- ");
export const toggleNumbers = toggleBeginning(/^\d{1,9}[.)][ \t]+/, (index) => `${index + 1}. `);
export const toggleTasks = toggleBeginning(/^[-+*][ \t]+\[[ xX]\][ \t]+/, () => "- [ ] ");

/** No heading, first level, second, third, none again; all selected lines take the level that follows the first one's. */
export const cycleHeading: Command = (view) => {
  const first = selectedLines(view.state)[0];
  const level = /^(#{1,6})[ \t]/.exec(first?.text.slice(leadOf(first.text)) ?? "")?.[1]?.length ?? 0;
  const next = level >= 3 ? "" : `${"#".repeat(level + 1)} `;
  // A pattern that nothing has: the marks are always put in the place of the old ones.
  return toggleBeginning(/(?!)/, () => next)(view);
};

export const toggleQuote: Command = (view) => {
  const { state } = view;
  if (state.readOnly) return false;
  const lines = selectedLines(state);
  const every = lines.every((line) => /^\s*>/.test(line.text));
  const changes = lines.map((line) => {
    const mark = /^(\s*)> ?/.exec(line.text);
    if (!every) return { from: line.from, insert: "> " };
    return { from: line.from + (mark?.[1]?.length ?? 0), to: line.from + (mark?.[0].length ?? 0) };
  });
  const set = state.changes(changes);
  view.dispatch({
    changes: set,
    selection: state.selection.map(set, 1),
    userEvent: "input.format",
    scrollIntoView: true,
  });
  return true;
};

/** Puts a block on lines of its own below the selection; `cursor` counts from the block's start. */
function insertBlock(block: (selected: string) => { text: string; cursor: number }, takesSelection: boolean): Command {
  return (view) => {
    const { state } = view;
    if (state.readOnly) return false;
    const { main } = state.selection;
    const first = state.doc.lineAt(main.from);
    const last = state.doc.lineAt(main.to);
    const empty = main.empty && !/\S/.test(first.text);
    const from = takesSelection || empty ? first.from : last.to;
    const to = last.to;
    const { text, cursor } = block(takesSelection ? state.sliceDoc(from, to) : "");
    const lead = takesSelection || empty ? "" : "\n\n";
    const trail = last.number === state.doc.lines || takesSelection ? "" : "\n";
    view.dispatch({
      changes: { from, to, insert: lead + text + trail },
      selection: { anchor: from + lead.length + cursor },
      userEvent: "input.format",
      scrollIntoView: true,
    });
    return true;
  };
}

export const insertCodeBlock = insertBlock((selected) => {
  // A fence must be longer than any inside of it.
  const longest = Math.max(2, ...[...selected.matchAll(/^\s*(`{3,})/gm)].map((fence) => fence[1]?.length ?? 0));
  const fence = "`".repeat(longest + 1);
  return { text: `${fence}\n${selected}\n${fence}`, cursor: fence.length };
}, true);

export const insertTable = insertBlock(() => ({ text: "|   |   |\n| --- | --- |\n|   |   |", cursor: 2 }), false);
export const insertRule = insertBlock(() => ({ text: "---\n", cursor: 4 }), false);
