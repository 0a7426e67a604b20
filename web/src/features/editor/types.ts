/**
 * The editor's door. `editor/` owns turning keys into text; it knows nothing of notes, saving or the server.
 */

/** A heading of the text. */
export interface Heading {
  /** 1 to 6. */
  level: number;
  text: string;
  /** Offset of its line in the text, in UTF-16 units. */
  from: number;
}

/** What can be asked of an editor that is on the screen. */
export interface EditorHandle {
  focus(): void;
  /** All of the text, byte for byte as it would be saved. */
  text(): string;
  /** Takes over a text that came from elsewhere by its smallest change: cursor, scroll and undo history stay. Not reported by `onChange`. */
  replace(text: string): void;
  /** Scrolls the first place into view where one of the words stands, and marks all of them until the next edit. */
  reveal(words: string[]): void;
  /** Scrolls that offset into view and puts the cursor there. */
  goTo(offset: number): void;
  openFind(): void;
  headings(): Heading[];
}

export interface EditorProps {
  /** The text at first; later ones come by `replace`. Another note wants another `key`. */
  initial: string;
  /** The text changed by the person. `read` gives all of it; it is cheap to pass on and not to call for each key. */
  onChange: (read: () => string) => void;
  /** Words and characters, at most a few times a second. */
  onCount?: (count: { words: number; characters: number }) => void;
  readOnly?: boolean;
  /** Puts the cursor into the text when it appears: at a place, or at its end. */
  autoFocus?: { at: number } | "end";
  ref?: React.Ref<EditorHandle>;
}
