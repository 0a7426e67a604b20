/**
 * What stands inside a line: emphasis, code, highlights, links, pictures.
 *
 * Marks are hidden on lines that nobody works on and shown on the active one. Bold, italic and the like get their look from
 * the syntax tags (`language/colours.ts`); here is what tags cannot say.
 */
import type { SyntaxNode, SyntaxNodeRef } from "@lezer/common";
import { safeAddress } from "../text/addresses";
import type { Canvas } from "./canvas";
import { drawImage } from "./images";
import { OpenLinkWidget } from "./widgets";

/** Draws a piece of a line; false when its inside is drawn as well. */
export function inlineEntered(canvas: Canvas, node: SyntaxNodeRef): boolean {
  switch (node.name) {
    case "EmphasisMark":
    case "StrikethroughMark":
    case "HighlightMark":
      canvas.hideUnlessActive(node.from, node.to);
      return true;
    case "InlineCode":
      inlineCode(canvas, node);
      return false;
    case "Escape":
      canvas.hideUnlessActive(node.from, node.from + 1);
      return true;
    case "Image":
      drawImage(canvas, node.node);
      return false;
    case "Link":
      return link(canvas, node.node);
    case "Autolink":
    case "URL":
      address(canvas, node.node);
      return false;
    default:
      return true;
  }
}

function inlineCode(canvas: Canvas, node: SyntaxNodeRef): void {
  canvas.isolate(node.from, node.to, "md-inline-code");
  for (const mark of node.node.getChildren("CodeMark")) canvas.hideUnlessActive(mark.from, mark.to);
}

/** `[words](address)`. What has brackets alone (`[[wiki]]`, `[^1]`, `[x]`) is not a link until something says where to. */
function link(canvas: Canvas, node: SyntaxNode): boolean {
  const [open, close] = node.getChildren("LinkMark");
  const url = node.getChild("URL");
  if (!open || !close) return true;
  if (!url) {
    if (node.getChild("LinkLabel")) canvas.mark(open.to, close.from, "md-link");
    return true;
  }
  const target = safeAddress(canvas.state.sliceDoc(url.from, url.to));
  canvas.mark(open.to, close.from, "md-link");
  for (const mark of node.getChildren("LinkMark")) canvas.mark(mark.from, mark.to, "md-mark");
  canvas.hideUnlessActive(open.from, open.to);
  if (!canvas.isActive(close.from, close.from)) {
    canvas.hide(close.from, node.to);
    if (target) canvas.after(node.to, new OpenLinkWidget(target));
  } else {
    canvas.isolate(url.from, url.to, "md-address");
  }
  return true;
}

/** An address that stands in the text as it is. The one inside of `[]()` belongs to its link. */
function address(canvas: Canvas, node: SyntaxNode): void {
  const parent = node.parent?.name;
  if (parent === "Link" || parent === "Image" || parent === "LinkReference" || parent === "Autolink") return;
  const url = node.name === "Autolink" ? node.getChild("URL") : node;
  if (!url) return;
  canvas.isolate(url.from, url.to, "md-link md-bare");
  if (node.name === "Autolink") {
    canvas.hideUnlessActive(node.from, url.from);
    canvas.hideUnlessActive(url.to, node.to);
  }
  const target = safeAddress(canvas.state.sliceDoc(url.from, url.to));
  if (target && !canvas.isActive(node.from, node.to)) canvas.after(node.to, new OpenLinkWidget(target));
}
