/**
 * When the first view is on the screen, and what comes after it.
 *
 * What is asked for while it is drawn, the answers and chunks of the next moments, would share the line and the processor with it,
 * and nobody can use them sooner. `main.tsx` says when drawing begins and ends; before and after that nothing waits.
 */
let end = () => {};
let shown: Promise<void> | undefined;

/** From here on what is not of the first view waits: for it, or, where none comes to be, for a second. */
export function firstViewBegins(): void {
  shown = new Promise((resolve) => {
    end = resolve;
    setTimeout(resolve, 1_000);
  });
}

/** It is in the page; a frame later it is on the screen. */
export const firstViewDrawn = (): number => requestAnimationFrame(() => requestAnimationFrame(end));

/** Waits for it, where it is being drawn. */
export const firstViewShown = async (): Promise<void> => shown;
