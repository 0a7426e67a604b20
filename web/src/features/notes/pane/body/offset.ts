/** From a point on the screen to an offset in the text of a reading view, whose lines tell theirs in `data-line`. */

interface Place {
  node: Node;
  offset: number;
}

/** Firefox and Chromium have the one, Safari the other. */
function caretAt(x: number, y: number): Place | undefined {
  const asked = document as {
    caretPositionFromPoint?: (x: number, y: number) => { offsetNode: Node; offset: number } | null;
    caretRangeFromPoint?: (x: number, y: number) => Range | null;
  };
  const position = asked.caretPositionFromPoint?.(x, y);
  if (position) return { node: position.offsetNode, offset: position.offset };
  const range = asked.caretRangeFromPoint?.(x, y);
  return range ? { node: range.startContainer, offset: range.startOffset } : undefined;
}

/** How many characters of the line stand before that place, hidden ones included. */
function before(line: Element, { node, offset }: Place): number {
  const range = document.createRange();
  range.setStart(line, 0);
  range.setEnd(node, offset);
  return range.toString().length;
}

/** The offset in the text; `undefined` where the point is on no line. */
export function offsetOfPoint(root: Element, x: number, y: number): number | undefined {
  const caret = caretAt(x, y);
  return caret && offsetOf(root, caret);
}

/** The offset of a place inside of a line. */
export function offsetOf(root: Element, place: Place): number | undefined {
  const element = place.node instanceof Element ? place.node : place.node.parentElement;
  const line = element?.closest("[data-line]");
  if (!line || !root.contains(line)) return undefined;
  return Number(line.getAttribute("data-line")) + before(line, place);
}
