/**
 * Scrolling through a list of many thousand notes by the wheel, as fast as pages of it arrive: which frames came late, and which
 * tasks kept the page from answering.
 */
import type { Page } from "playwright-core";

const TURNS = 600;
const STEP_PX = 240;

export interface Scrolling {
  /** Milliseconds between one frame and the next. */
  frames: number[];
  /** Milliseconds of every task longer than 50. */
  longTasks: number[];
  /** How far down it went. */
  pixels: number;
}

export async function scrolling(page: Page): Promise<Scrolling> {
  await page.evaluate(() => {
    const seen = { frames: [] as number[], longTasks: [] as number[] };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const task of list.getEntries()) seen.longTasks.push(task.duration);
    }).observe({ type: "longtask" });
    let last = performance.now();
    const frame = (now: number): void => {
      seen.frames.push(now - last);
      last = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  await page.mouse.move(400, 400);
  for (let turn = 0; turn < TURNS; turn += 1) {
    await page.mouse.wheel(0, STEP_PX);
    await page.evaluate(() => new Promise((frame) => requestAnimationFrame(frame)));
  }
  return page.evaluate(() => {
    const { seen } = window as unknown as { seen: { frames: number[]; longTasks: number[] } };
    const under = [...document.elementsFromPoint(400, 400)].map((one) => one.scrollTop);
    return { ...seen, pixels: Math.max(...under) };
  });
}
