/**
 * Keeping count while somebody types.
 *
 * The whole text is counted once, in slices between other work; from then on a key costs the lines that it touched. News is
 * given at most a few times a second. What a reader would get wrong: a change that comes while the first count is under way, or
 * one that touches a lot, starts the count anew when the typing pauses; until then the last figures stand.
 */
import type { Text } from "@codemirror/state";
import { type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { whenIdle } from "./idle";
import { type Count, countLine } from "./text/count";

const newsEvery = 300;
/** So many characters are recounted on the spot; for more the count waits for an idle moment. */
const atOnce = 20_000;
const sliceMilliseconds = 6;

function countBetween(doc: Text, from: number, to: number): Count {
  const count = { words: 0, characters: 0 };
  for (let at = from; at <= to; ) {
    const line = doc.lineAt(at);
    const one = countLine(line.text);
    count.words += one.words;
    count.characters += one.characters;
    at = line.to + 1;
  }
  return count;
}

class Counting {
  private total: Count | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stop = () => {};

  constructor(
    private readonly view: EditorView,
    private readonly tell: (count: Count) => void,
  ) {
    this.countAll();
  }

  update(update: ViewUpdate) {
    if (!update.docChanged) return;
    let size = 0;
    const deltas: Count[] = [];
    update.changes.iterChangedRanges((fromA, toA, fromB, toB) => {
      const before = [update.startState.doc.lineAt(fromA).from, update.startState.doc.lineAt(toA).to] as const;
      const after = [update.state.doc.lineAt(fromB).from, update.state.doc.lineAt(toB).to] as const;
      size += before[1] - before[0] + after[1] - after[0];
      if (size > atOnce || !this.total) return;
      const gone = countBetween(update.startState.doc, ...before);
      const come = countBetween(update.state.doc, ...after);
      deltas.push({ words: come.words - gone.words, characters: come.characters - gone.characters });
    });
    // Two changes in one line would count that line twice.
    if (!this.total || size > atOnce || deltas.length > 1) {
      this.countAll();
      return;
    }
    for (const delta of deltas) {
      this.total = { words: this.total.words + delta.words, characters: this.total.characters + delta.characters };
    }
    this.tellSoon();
  }

  private countAll() {
    this.stop();
    this.total = null;
    const lines = this.view.state.doc.iterLines();
    const count = { words: 0, characters: 0 };
    const slice = () => {
      const until = performance.now() + sliceMilliseconds;
      while (performance.now() < until) {
        const { value, done } = lines.next();
        if (done) {
          this.total = count;
          this.tellSoon();
          return;
        }
        const one = countLine(value);
        count.words += one.words;
        count.characters += one.characters;
      }
      this.stop = whenIdle(slice);
    };
    this.stop = whenIdle(slice);
  }

  private tellSoon() {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      if (this.total) this.tell(this.total);
    }, newsEvery);
  }

  destroy() {
    this.stop();
    clearTimeout(this.timer);
  }
}

export const counting = (tell: (count: Count) => void) => ViewPlugin.define((view) => new Counting(view, tell));
