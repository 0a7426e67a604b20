/**
 * What blocks look like: headings, quotes, lists and tasks, code, rules.
 *
 * The marks of quotes and list items are drawn as a bar, a bullet, a number or a checkbox at all times, also on the line that
 * is being worked on: text must not jump when the cursor comes. Backspace after them takes them away.
 */
import type { SyntaxNodeRef } from "@lezer/common";
import type { Canvas, LineLook } from "./canvas";
import { BulletWidget, CheckboxWidget, NumberWidget } from "./widgets";

export interface Depth {
  quote: number;
  list: number;
}
interface Span {
  from: number;
  to: number;
}

const isBlank = (text: string) => text === " " || text === "\t";

/** Draws a block; false when nothing inside of it is to be drawn. */
export function blockEntered(canvas: Canvas, node: SyntaxNodeRef, depth: Depth, visible: Span): boolean {
  const { name } = node;
  const from = Math.max(node.from, visible.from);
  const to = Math.min(node.to, visible.to);
  const dress = (...classes: string[]) =>
    canvas.eachLine(from, to, (look) => {
      for (const one of classes) look.classes.add(one);
    });

  switch (name) {
    case "Blockquote":
      depth.quote += 1;
      canvas.eachLine(from, to, (look) => {
        look.quote = depth.quote;
      });
      return true;
    case "BulletList":
    case "OrderedList":
      depth.list += 1;
      canvas.eachLine(from, to, (look) => {
        look.list = depth.list;
      });
      return true;
    case "QuoteMark":
      quoteMark(canvas, node);
      return true;
    case "ListMark":
      listMark(canvas, node, depth.list);
      return true;
    case "HorizontalRule":
      dress(canvas.isActive(node.from, node.to) ? "md-rule-source" : "md-rule");
      return true;
    case "FencedCode":
      codeBlock(canvas, node, visible);
      return true;
    case "CodeBlock":
      dress("md-code");
      return true;
    case "HTMLBlock":
    case "CommentBlock":
    case "ProcessingInstructionBlock":
    case "FrontMatter":
    case "LinkReference":
      dress("md-plain");
      return name === "LinkReference";
    default:
      if (/^(ATX|Setext)Heading\d$/.test(name)) heading(canvas, node, visible);
      return true;
  }
}

export function blockLeft(node: SyntaxNodeRef, depth: Depth): void {
  if (node.name === "Blockquote") depth.quote -= 1;
  if (node.name === "BulletList" || node.name === "OrderedList") depth.list -= 1;
}

function heading(canvas: Canvas, node: SyntaxNodeRef, visible: Span): void {
  const { doc } = canvas.state;
  const level = node.name.at(-1);
  canvas.eachLine(Math.max(node.from, visible.from), Math.min(node.to, visible.to), (look) =>
    look.classes.add(`md-h${level}`),
  );
  const setext = node.name.startsWith("Setext");
  for (const mark of node.node.getChildren("HeaderMark")) {
    if (setext) {
      const line = doc.lineAt(mark.from);
      const look = canvas.look(line.from);
      look.classes.delete(`md-h${level}`);
      look.classes.add(canvas.isActive(node.from, node.to) ? "md-rule-source" : "md-underline");
      continue;
    }
    // The blanks between the marks and the words go with the marks.
    let { from, to } = mark;
    while (to < node.to && isBlank(doc.sliceString(to, to + 1))) to += 1;
    if (from > node.from) while (from > node.from && isBlank(doc.sliceString(from - 1, from))) from -= 1;
    if (to < node.to || from > node.from) canvas.hideUnlessActive(from, to);
  }
}

function quoteMark(canvas: Canvas, node: SyntaxNodeRef): void {
  const { doc } = canvas.state;
  const look = canvas.look(doc.lineAt(node.from).from);
  const to = isBlank(doc.sliceString(node.to, node.to + 1)) ? node.to + 1 : node.to;
  canvas.hide(Math.max(look.start, 0), to);
  look.start = to;
}

function listMark(canvas: Canvas, node: SyntaxNodeRef, depth: number): void {
  const { doc } = canvas.state;
  const line = doc.lineAt(node.from);
  const look = canvas.look(line.from);
  // A dash alone may yet become a rule or an underline: it is a list once a blank follows.
  if (!isBlank(doc.sliceString(node.to, node.to + 1))) return;
  const indent = doc.sliceString(look.start, node.from);
  // Two marks on one line ("- - x"): the second stands where the first one's text begins.
  const first = /^[ \t]*$/.test(indent);
  if (first) canvas.hide(look.start, node.from);
  look.item = true;
  const task = node.node.nextSibling;
  const marker = task?.name === "Task" ? task.getChild("TaskMarker") : null;
  const ordered = node.node.parent?.parent?.name === "OrderedList";
  if (marker && !ordered) {
    const done = /x/i.test(doc.sliceString(marker.from, marker.to));
    const label = doc.sliceString(marker.to, Math.min(line.to, marker.to + 200)).trim();
    canvas.replace(node.from, marker.to + 1, new CheckboxWidget(done, label, canvas.state.readOnly));
    if (done) canvas.mark(marker.to + 1, line.to, "md-done");
    look.start = marker.to + 1;
    return;
  }
  const text = doc.sliceString(node.from, node.to);
  if (ordered) look.mark = Math.max(look.mark, text.length > 3 ? text.length + 1 : 0);
  canvas.replace(node.from, node.to + 1, ordered ? new NumberWidget(text) : new BulletWidget(depth));
  look.start = node.to + 1;
}

function codeBlock(canvas: Canvas, node: SyntaxNodeRef, visible: Span): void {
  const { doc } = canvas.state;
  const active = canvas.isActive(node.from, node.to);
  const [first, last] = [doc.lineAt(node.from), doc.lineAt(node.to)];
  const marks = node.node.getChildren("CodeMark");
  const closed = marks.length > 1;
  canvas.eachLine(Math.max(node.from, visible.from), Math.min(node.to, visible.to), (look, line) => {
    look.classes.add("md-code");
    const edge = line.from === first.from || (closed && line.from === last.from);
    if (line.from === first.from) look.classes.add("md-code-first");
    if (line.from === last.from) look.classes.add("md-code-last");
    if (edge) look.classes.add("md-fence");
  });
  if (active) return;
  for (const mark of marks) canvas.hide(mark.from, mark.to);
}

/** Further lines of list items stand under their item's text: their own indentation is not drawn as well. */
export function finishLines(canvas: Canvas, visible: Span): void {
  canvas.eachLine(visible.from, visible.to, (look: LineLook, line) => {
    if (!look.list || look.item || look.classes.has("md-code")) return;
    const text = canvas.state.doc.sliceString(look.start, Math.min(line.to, look.start + 400));
    const indent = /^[ \t]*/.exec(text)?.[0].length ?? 0;
    if (indent < text.length) canvas.hide(look.start, look.start + indent);
  });
}
