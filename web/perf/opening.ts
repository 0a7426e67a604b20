/**
 * How long it takes from pressing a note in the list until its text stands in the editor, for a hundred different notes in a row.
 *
 * Taken inside the page, from the press to the first frame in which the text is there, so that the tools around it are not part
 * of the figure. Warm: the code of the editor has been fetched by the first, uncounted note; each text is opened for the first time.
 */
import type { Page } from "playwright-core";
import { marker } from "./store";

const OPENS = 100;

/** Milliseconds of each opening. `count`: how many notes there are; the newest is the last. */
export async function opening(page: Page, count: number): Promise<number[]> {
  const list = page.getByRole("link", { name: new RegExp(` ${count - 1}\\b`) }).first();
  await list.waitFor();
  const times: number[] = [];
  for (let index = count - 1; times.length <= OPENS; index -= 1) {
    const link = page.getByRole("link", { name: new RegExp(` ${index}\\b`) }).first();
    if (!(await link.isVisible())) await bringIntoView(page, link);
    times.push(await link.evaluate(press, marker(index)));
  }
  return times.slice(1);
}

async function bringIntoView(page: Page, link: ReturnType<Page["getByRole"]>): Promise<void> {
  await page.mouse.move(400, 400);
  while (!(await link.isVisible())) {
    await page.mouse.wheel(0, 200);
    await page.evaluate(() => new Promise((frame) => requestAnimationFrame(frame)));
  }
  await link.scrollIntoViewIfNeeded();
}

function press(link: HTMLElement | SVGElement, text: string): Promise<number> {
  return new Promise((resolve) => {
    const start = performance.now();
    if (link instanceof HTMLElement) link.click();
    const look = (): void => {
      if (document.querySelector(".cm-content")?.textContent?.includes(text)) resolve(performance.now() - start);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  });
}
