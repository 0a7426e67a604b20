/**
 * Pictures on other servers, where the text is written. The line stands above the editor; how many there are is read from the syntax tree,
 * since only what is in sight is drawn. What shows them is fetched with the first.
 */
import { syntaxTree } from "@codemirror/language";
import type { Extension } from "@codemirror/state";
import { type EditorView, ViewPlugin, type ViewUpdate } from "@codemirror/view";
import { whenIdle } from "../idle";
import { safeAddress } from "../text/addresses";
import type { RemotePictures } from "./remote-pictures";

/** An address is told by its start; a picture in the text has a million characters. */
const sniffed = 2048;

function addressesIn(view: EditorView): string[] {
  const addresses: string[] = [];
  syntaxTree(view.state).iterate({
    enter(node) {
      const url = node.name === "Image" && node.node.getChild("URL");
      const address = url && safeAddress(view.state.sliceDoc(url.from, Math.min(url.to, url.from + sniffed)));
      if (address) addresses.push(address);
    },
  });
  return addresses;
}

class InEditor {
  private readonly bar = document.createElement("div");
  private pictures: RemotePictures | undefined;
  private left = false;
  private stop = () => {};

  constructor(private readonly view: EditorView) {
    this.later();
  }

  update(update: ViewUpdate) {
    if (update.docChanged || syntaxTree(update.startState) !== syntaxTree(update.state)) this.later();
  }

  private later() {
    this.stop();
    // Without what shows them (never fetched, offline) they are chips, as they are at first.
    this.stop = whenIdle(() => void this.look().catch(() => {}));
  }

  private async look() {
    if (!this.pictures && addressesIn(this.view).length === 0) return;
    const { lookAfter, remoteAddress } = await import("./remote-pictures");
    if (this.left) return;
    if (!this.pictures) {
      this.view.dom.before(this.bar);
      this.pictures = lookAfter(this.view.contentDOM, this.bar, () => this.view.requestMeasure());
    }
    this.pictures.count(addressesIn(this.view).filter(remoteAddress).length);
  }

  destroy() {
    this.left = true;
    this.stop();
    this.pictures?.stop();
    this.bar.remove();
  }
}

export const remotePictures: Extension = ViewPlugin.fromClass(InEditor);
