import type { KeyboardEvent } from "react";

/**
 * The arrow keys of a tree, on lists of links: up and down walk, right unfolds, left folds or goes to the line around. Right
 * and left the other way round where the page runs from right to left.
 */
export function arrowKeys(event: KeyboardEvent<HTMLElement>): void {
  if (event.altKey || event.ctrlKey || event.metaKey || !(event.target instanceof HTMLAnchorElement)) return;
  const link = event.target;
  const links = [...event.currentTarget.querySelectorAll<HTMLAnchorElement>("a[data-line]")];
  const at = links.indexOf(link);
  const line = link.closest("li");
  const folding = line?.querySelector<HTMLButtonElement>(":scope > div > button[aria-expanded][data-fold]");
  const unfolded = folding?.getAttribute("aria-expanded") === "true";
  const rtl = getComputedStyle(link).direction === "rtl";
  const [inwards, outwards] = rtl ? ["ArrowLeft", "ArrowRight"] : ["ArrowRight", "ArrowLeft"];
  if (event.key === "ArrowDown") links[at + 1]?.focus();
  else if (event.key === "ArrowUp") links[at - 1]?.focus();
  else if (event.key === "Home") links[0]?.focus();
  else if (event.key === "End") links.at(-1)?.focus();
  else if (event.key === inwards && folding) unfolded ? links[at + 1]?.focus() : folding.click();
  else if (event.key === outwards) {
    if (folding && unfolded) folding.click();
    else line?.parentElement?.closest("li")?.querySelector<HTMLAnchorElement>("a[data-line]")?.focus();
  } else return;
  event.preventDefault();
}
