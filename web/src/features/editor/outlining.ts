/**
 * Keeping the outline while somebody types and scrolls.
 *
 * The headings are read again in idle moments once the typing pauses; where the cursor (or, untouched, the top of what is on
 * the screen) stands among them is told along. A long note is read in slices, so that no key waits for it.
 */
import { type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { whenIdle } from "./idle";
import { headingAt, readingHeadings } from "./text/headings";
import { offsetOf } from "./text/line-endings";
import type { Heading, Outline } from "./types";

const pause = 400;
const linesAtOnce = 2000;

class Outlining {
  private headings: Heading[] = [];
  private stale = true;
  private told = "";
  private timer: ReturnType<typeof setTimeout> | undefined;
  private stop = () => {};

  constructor(
    private readonly view: EditorView,
    private readonly tell: (outline: Outline) => void,
  ) {
    this.stop = whenIdle(() => this.read());
  }

  update(update: ViewUpdate) {
    if (update.docChanged) {
      this.stale = true;
      // What has been read of the old text is of no use.
      this.stop();
    }
    if (update.docChanged || update.selectionSet || update.viewportChanged) this.later();
  }

  private later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.stop();
      this.stop = whenIdle(() => this.read());
    }, pause);
  }

  private read() {
    if (!this.stale) {
      this.news();
      return;
    }
    const reading = readingHeadings(this.view.state);
    const slice = () => {
      const headings = reading.next(linesAtOnce);
      if (!headings) {
        this.stop = whenIdle(slice);
        return;
      }
      this.headings = headings;
      this.stale = false;
      this.news();
    };
    slice();
  }

  private news() {
    const { view } = this;
    const place = view.hasFocus ? view.state.selection.main.head : view.viewport.from;
    const outline = { headings: this.headings, current: headingAt(this.headings, offsetOf(view.state, place)) };
    const key = JSON.stringify(outline);
    if (key === this.told) return;
    this.told = key;
    this.tell(outline);
  }

  destroy() {
    clearTimeout(this.timer);
    this.stop();
  }
}

export const outlining = (tell: (outline: Outline) => void) => ViewPlugin.define((view) => new Outlining(view, tell));
