/**
 * Every formatting command by its name, and the keys.
 *
 * Keys of the app are left alone: Mod-K is the palette, Mod-S saves, Mod-Shift-P previews. Tab is only taken where it means
 * something (lists, tables); everywhere else it leaves the editor, and after Escape it always does.
 */
import { history, historyKeymap, indentLess, indentMore, redo, standardKeymap, undo } from "@codemirror/commands";
import { deleteMarkupBackward } from "@codemirror/lang-markdown";
import { type Extension, Prec } from "@codemirror/state";
import { type Command, type KeyBinding, keymap } from "@codemirror/view";
import { formatKeys } from "../keys";
import type { FormatName } from "../types";
import { toggleInline } from "./inline";
import {
  cycleHeading,
  insertCodeBlock,
  insertRule,
  insertTable,
  toggleBullets,
  toggleNumbers,
  toggleQuote,
  toggleTasks,
} from "./lines";
import { clickLinks, followLink, makeLink } from "./links";
import { continueList, indentItems, outdentItems } from "./lists";
import { enterInTable, nextCell, previousCell } from "./tables";
import { toggleTask } from "./tasks";

const first =
  (...commands: Command[]): Command =>
  (view) =>
    commands.some((command) => command(view));

export const formats: Record<FormatName, Command> = {
  bold: toggleInline("bold"),
  italic: toggleInline("italic"),
  strike: toggleInline("strike"),
  code: toggleInline("code"),
  highlight: toggleInline("highlight"),
  link: makeLink,
  heading: cycleHeading,
  bullets: toggleBullets,
  numbers: toggleNumbers,
  tasks: toggleTasks,
  tick: toggleTask,
  quote: toggleQuote,
  codeBlock: insertCodeBlock,
  table: insertTable,
  rule: insertRule,
  indent: first(indentItems, indentMore),
  outdent: first(outdentItems, indentLess),
  undo,
  redo,
};

const boundElsewhere = new Set(["undo", "redo", "tick", "indent", "outdent"]);
const formatBindings: KeyBinding[] = Object.entries(formatKeys)
  .filter(([name]) => !boundElsewhere.has(name))
  .map(([name, key]) => ({ key, run: formats[name as FormatName], preventDefault: true }));

export const commands: Extension = [
  history(),
  clickLinks,
  Prec.high(
    keymap.of([
      { key: "Enter", run: first(enterInTable, continueList) },
      { key: "Backspace", run: deleteMarkupBackward },
      { key: "Tab", run: first(nextCell, indentItems), shift: first(previousCell, outdentItems) },
      { key: "Mod-Enter", run: first(toggleTask, followLink) },
      ...formatBindings,
    ]),
  ),
  keymap.of([...historyKeymap, ...standardKeymap]),
];
