/**
 * The editor's door. `editor/` owns turning keys into text; it knows nothing of notes, saving or the server.
 *
 * What a reader would get wrong: every offset that passes this door counts UTF-16 units of the text as it is saved. Inside,
 * CodeMirror counts a line break as one, whatever the text has there; `text/line-endings.ts` translates.
 */

/** A heading of the text. */
export interface Heading {
  /** 1 to 6. */
  level: number;
  text: string;
  /** Offset of its line in the text, in UTF-16 units. */
  from: number;
}

/** The headings, and which of them the cursor (or what is on the screen, while nobody types) is under: an index, or -1. */
export interface Outline {
  headings: Heading[];
  current: number;
}

/** What the toolbar, the keys and the registry of actions can ask for. */
export type FormatName =
  | "bold"
  | "italic"
  | "strike"
  | "code"
  | "highlight"
  | "link"
  | "heading"
  | "bullets"
  | "numbers"
  | "tasks"
  | "tick"
  | "quote"
  | "codeBlock"
  | "table"
  | "rule"
  | "indent"
  | "outdent"
  | "undo"
  | "redo";

/** Where a walk through matches begins: at a place in the saved text, in Unicode code points, or at the match of that number. */
export interface Start {
  at?: number | undefined;
  nth?: number | undefined;
}

/** How a walk stands: the number of the current match, from 1; `more`: there are more than were counted. */
export interface Standing {
  current: number;
  count: number;
  more: boolean;
}

/** What a search found in a text, marked and walked through. */
export interface Matches {
  /** Marks the terms (`text/fold.ts` says what they may be), brings one into view, and tells how it stands, whenever that changes. */
  show(terms: readonly string[], start: Start, tell: (standing: Standing) => void): void;
  /** To the next one or the one before, around the end. */
  step(by: 1 | -1): void;
  /** Takes the marks away. */
  leave(): void;
}

/** What can be asked of an editor that is on the screen. */
export interface EditorHandle {
  focus(): void;
  /** All of the text, byte for byte as it would be saved. */
  text(): string;
  /** Takes over a text that came from elsewhere by its smallest change: cursor, scroll and undo history stay. Not reported by `onChange`. */
  replace(text: string): void;
  /** What a search found in the text; comes when it is first asked for. */
  matches(): Promise<Matches>;
  /** Scrolls that offset into view and puts the cursor there. */
  goTo(offset: number): void;
  openFind(): void;
  /** Does that to the selection, as its key would. False when there was nothing to do. */
  run(format: FormatName): boolean;
}

export interface EditorProps {
  /** The text at first; later ones come by `replace`. Another note wants another `key`. */
  initial: string;
  /** The text changed by the person. `read` gives all of it; it is cheap to pass on and not to call for each key. */
  onChange: (read: () => string) => void;
  /** Words and characters, at most a few times a second. */
  onCount?: ((count: { words: number; characters: number }) => void) | undefined;
  /** The outline, when it or the place in it changed; at most a few times a second, never while a key is being worked on. */
  onOutline?: ((outline: Outline) => void) | undefined;
  readOnly?: boolean | undefined;
  /** Puts the cursor into the text when it appears: at a place, or at its end. */
  autoFocus?: { at: number } | "end" | undefined;
  ref?: React.Ref<EditorHandle>;
}
