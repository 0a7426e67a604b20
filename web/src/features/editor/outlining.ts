/**
 * Keeping the outline while somebody types and scrolls.
 *
 * The headings are read again in an idle moment after a change; where the cursor (or, untouched, the top of what is on the
 * screen) stands among them is told along. A long note is parsed to its end for this in slices, so that no key waits for it.
 */
import { type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { whenIdle } from "./idle";
import { headingAt, headingsOf, parsedToEnd } from "./text/headings";
import { offsetOf } from "./text/line-endings";
import type { Heading, Outline } from "./types";

const pause = 250;
const sliceMilliseconds = 8;

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
    this.later();
  }

  update(update: ViewUpdate) {
    if (update.docChanged) this.stale = true;
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
    const { view } = this;
    if (this.stale) {
      this.stale = !parsedToEnd(view.state, sliceMilliseconds);
      if (this.stale) this.stop = whenIdle(() => this.read());
      // What is known of a note that was just opened is better than nothing; later a half-read outline would flicker.
      if (this.stale && this.told) return;
      this.headings = headingsOf(view.state);
    }
    const place = view.hasFocus ? view.state.selection.main.head : view.viewport.from;
    const current = headingAt(this.headings, offsetOf(view.state, place));
    const outline = { headings: this.headings, current };
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
