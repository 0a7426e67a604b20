/**
 * Dragging a notebook onto another: above it, below it or into it. A shortcut for the pointer; the menu does the same.
 */
import type { DragEvent } from "react";

const TYPE = "application/x-inkstone-notebook";

export type Spot = "before" | "inside" | "after";

export function startDrag(event: DragEvent<HTMLElement>, id: string): void {
  event.dataTransfer.setData(TYPE, id);
  event.dataTransfer.effectAllowed = "move";
}

/** Whether a notebook is dragged; which one is told only when it is dropped. */
export const isDragged = (event: DragEvent<HTMLElement>): boolean => event.dataTransfer.types.includes(TYPE);

export const draggedId = (event: DragEvent<HTMLElement>): string => event.dataTransfer.getData(TYPE);

/** Where in the line the pointer is: its outer quarters mean beside it. */
export function spotOf(event: DragEvent<HTMLElement>): Spot {
  const box = event.currentTarget.getBoundingClientRect();
  const part = (event.clientY - box.top) / box.height;
  return part < 0.25 ? "before" : part > 0.75 ? "after" : "inside";
}
