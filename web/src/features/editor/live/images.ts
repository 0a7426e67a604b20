/**
 * Pictures. One that is in the text itself (`data:`) is shown below its line. One on another server is not loaded: whoever runs
 * that server would learn when and where the note is read. Its words and a way to it stand there instead.
 */

import { WidgetType } from "@codemirror/view";
import type { SyntaxNode } from "@lezer/common";
import { t } from "@/shared/i18n/all";
import { embeddedPicture, safeAddress } from "../text/addresses";
import type { Canvas } from "./canvas";
import { remotePicture } from "./remote-picture";

/** The start of an address is enough to tell its kind; one in the text may have a million characters. */
const sniffed = 64;

export function drawImage(canvas: Canvas, node: SyntaxNode): void {
  const url = node.getChild("URL");
  const [open, close] = node.getChildren("LinkMark");
  if (!url || !open || !close) return;
  const { state } = canvas;
  const words = state.sliceDoc(open.to, close.from);
  const active = canvas.isActive(node.from, node.to);
  if (embeddedPicture(state.sliceDoc(url.from, Math.min(url.to, url.from + sniffed)))) {
    const source = embeddedPicture(state.sliceDoc(url.from, url.to)) ?? "";
    // A line of a million letters helps nobody, also when the cursor is on it.
    if (active) canvas.replace(url.from, url.to, new EmbeddedSizeWidget(Math.round((url.to - url.from) / 1365)));
    else canvas.hide(node.from, node.to);
    canvas.after(node.to, new PictureWidget(source, words, active));
    return;
  }
  if (active) {
    canvas.isolate(url.from, url.to, "md-address");
    return;
  }
  const address = state.sliceDoc(url.from, url.to);
  canvas.replace(node.from, node.to, new RemotePictureWidget(safeAddress(address), words));
}

class RemotePictureWidget extends WidgetType {
  constructor(
    readonly address: string | null,
    readonly words: string,
  ) {
    super();
  }
  override eq(other: RemotePictureWidget) {
    return other.address === this.address && other.words === this.words;
  }
  override toDOM() {
    const chip = remotePicture(this.address, this.words);
    chip.tabIndex = -1;
    return chip;
  }
  override ignoreEvent() {
    return true;
  }
}

class PictureWidget extends WidgetType {
  constructor(
    readonly source: string,
    readonly words: string,
    readonly below: boolean,
  ) {
    super();
  }
  override eq(other: PictureWidget) {
    return other.source === this.source && other.words === this.words && other.below === this.below;
  }
  override toDOM() {
    const picture = document.createElement("img");
    picture.className = this.below ? "md-embedded md-below" : "md-embedded";
    picture.src = this.source;
    picture.alt = this.words;
    return picture;
  }
  override ignoreEvent() {
    return false;
  }
}

class EmbeddedSizeWidget extends WidgetType {
  constructor(readonly kilobytes: number) {
    super();
  }
  override eq(other: EmbeddedSizeWidget) {
    return other.kilobytes === this.kilobytes;
  }
  override toDOM() {
    const chip = document.createElement("span");
    chip.className = "md-address";
    chip.textContent = t("editor.picture.embedded", { size: Math.max(1, this.kilobytes) });
    return chip;
  }
}
