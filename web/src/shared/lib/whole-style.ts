/**
 * The whole style sheet. The page itself holds the part that the first view needs (`build/first-style.ts`); everything that is shown
 * later waits for this.
 */
let coming: Promise<void> | undefined;

/** Fetches it once. Where the page names none (in development, in tests), everything is there already. */
export function wholeStyle(): Promise<void> {
  coming ??= new Promise((there) => {
    const address = document.documentElement.dataset.style;
    if (!address || address.startsWith("__")) return there();
    const link = document.createElement("link");
    // Without it the page is bare but works: better than none.
    Object.assign(link, { rel: "stylesheet", href: address, onload: () => there(), onerror: () => there() });
    document.head.append(link);
  });
  return coming;
}
