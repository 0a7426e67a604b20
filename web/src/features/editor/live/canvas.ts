/**
 * Where the live look of the visible text is gathered: what each line wears, what is marked, hidden or replaced.
 *
 * Owns the order that CodeMirror demands and one decoration for each line. Leaves what anything looks like to `editor.css`.
 * What a reader would get wrong: `hide` and `replace` are also atomic, the cursor steps over them; a `mark` is not.
 */
import type { EditorState, Range } from "@codemirror/state";
import { Decoration, type DecorationSet, Direction, type EditorView, type WidgetType } from "@codemirror/view";

/** What one line wears. */
export interface LineLook {
  classes: Set<string>;
  /** How many quotes and lists it stands in. */
  quote: number;
  list: number;
  /** The line that a list's mark stands on, as opposed to further lines of that item. */
  item: boolean;
  /** Width of a list's mark that is wider than usual, in characters. */
  mark: number;
  /** Where the text begins after the marks of quotes; list marks and indentation are looked for from here. */
  start: number;
}

const nothing = Decoration.replace({});
const marks = new Map<string, Decoration>();
const lines = new Map<string, Decoration>();

/** The same look gives the same object: CodeMirror then sees at a glance that a line has not changed. */
function kept(map: Map<string, Decoration>, key: string, make: () => Decoration): Decoration {
  let decoration = map.get(key);
  if (!decoration) {
    if (map.size > 2000) map.clear();
    decoration = make();
    map.set(key, decoration);
  }
  return decoration;
}

export class Canvas {
  readonly state: EditorState;
  private readonly looks = new Map<number, LineLook>();
  private readonly ranges: Range<Decoration>[] = [];
  private readonly atoms: Range<Decoration>[] = [];
  private readonly isolates: Range<Decoration>[] = [];
  private readonly active: { from: number; to: number }[];

  constructor(view: EditorView) {
    this.state = view.state;
    const { doc } = view.state;
    this.active =
      view.hasFocus && !view.state.readOnly
        ? view.state.selection.ranges.map(({ from, to }) => ({ from: doc.lineAt(from).from, to: doc.lineAt(to).to }))
        : [];
  }

  /** Whether the cursor or a selection touches the lines of that range: their marks are shown as they are. */
  isActive(from: number, to: number): boolean {
    return this.active.some((lines) => lines.from <= to && lines.to >= from);
  }

  look(lineFrom: number): LineLook {
    let look = this.looks.get(lineFrom);
    if (!look) {
      look = { classes: new Set(), quote: 0, list: 0, item: false, mark: 0, start: lineFrom };
      this.looks.set(lineFrom, look);
    }
    return look;
  }

  /** Goes over the lines that a range touches, within the bounds of what is visible. */
  eachLine(from: number, to: number, visit: (look: LineLook, line: { from: number; to: number }) => void): void {
    for (let position = from; position <= to; ) {
      const line = this.state.doc.lineAt(position);
      visit(this.look(line.from), line);
      position = line.to + 1;
    }
  }

  mark(from: number, to: number, className: string): void {
    if (from < to)
      this.ranges.push(kept(marks, className, () => Decoration.mark({ class: className })).range(from, to));
  }

  /** A mark whose text keeps its own direction, whichever way the line runs: code and addresses. */
  isolate(from: number, to: number, className: string): void {
    if (from >= to) return;
    const decoration = kept(marks, `ltr ${className}`, () =>
      Decoration.mark({ class: className, attributes: { dir: "ltr" }, bidiIsolate: Direction.LTR }),
    );
    this.ranges.push(decoration.range(from, to));
    this.isolates.push(decoration.range(from, to));
  }

  /** Hidden unless its line is being worked on. */
  hideUnlessActive(from: number, to: number): void {
    if (!this.isActive(from, from)) this.hide(from, to);
  }

  hide(from: number, to: number): void {
    // The ends of lines are CodeMirror's alone.
    for (let end = from; from < to; from = end + 1) {
      end = Math.min(this.state.doc.lineAt(from).to, to);
      if (from < end) this.atom(nothing.range(from, end));
    }
  }

  replace(from: number, to: number, widget: WidgetType): void {
    if (to <= this.state.doc.lineAt(from).to) this.atom(Decoration.replace({ widget }).range(from, to));
  }

  /** Something drawn after the text there that is not text. */
  after(position: number, widget: WidgetType): void {
    this.ranges.push(Decoration.widget({ widget, side: 1 }).range(position));
  }

  private atom(range: Range<Decoration>): void {
    this.ranges.push(range);
    this.atoms.push(range);
  }

  finish(): { decorations: DecorationSet; atoms: DecorationSet; isolates: DecorationSet } {
    for (const [from, look] of this.looks) this.ranges.push(lineDecoration(look).range(from));
    return {
      decorations: Decoration.set(this.ranges, true),
      atoms: Decoration.set(this.atoms, true),
      isolates: Decoration.set(this.isolates, true),
    };
  }
}

function lineDecoration(look: LineLook): Decoration {
  const classes = [...look.classes];
  if (look.quote) classes.push("md-quote");
  if (look.list) classes.push(look.item ? "md-item" : "md-list");
  const style = [
    look.quote ? `--quote:${look.quote}` : "",
    look.list ? `--list:${look.list}` : "",
    look.mark ? `--number:${look.mark}ch` : "",
  ]
    .filter(Boolean)
    .join(";");
  const className = classes.join(" ");
  return kept(lines, `${className}|${style}`, () =>
    Decoration.line({ attributes: { dir: "auto", ...(className && { class: className }), ...(style && { style }) } }),
  );
}
