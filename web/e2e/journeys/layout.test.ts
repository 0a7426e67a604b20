/** From the narrowest phone to the widest screen, zoomed, and without motion. */
import type { Page } from "playwright-core";
import { seedDemo } from "../demo/store";
import { expect, journeys } from "../support/journey";
import { existsAt, scenes } from "../support/scenes";
import { seen } from "../support/wait";

// Reached under a name, because passkeys are for names.
const test = journeys({ named: true });

/** 640 is what is left of 1280 at 200 % zoom. */
const widths = [320, 390, 640, 768, 1023, 1280, 1920, 2560];

test("nothing reaches beyond the window at any width", { timeout: 240_000 }, async ({ server, devices }) => {
  const account = await seedDemo(server);
  const visitor = await devices.open();
  const person = await devices.signedIn(account);
  const beyond: string[] = [];
  for (const scene of scenes) {
    const { app, page, watch } = scene.visitor ? visitor : person;
    watch.allow(/^404 GET/, /^412 PATCH/, /ERR_INTERNET_DISCONNECTED/);
    await page.setViewportSize({ width: scene.narrow ? 390 : 1280, height: 800 });
    await scene.reach(app, account);
    for (const width of widths) {
      if (!existsAt(scene, width)) continue;
      await page.setViewportSize({ width, height: 800 });
      for (const found of await sticksOut(page)) beyond.push(`${scene.name} at ${width}: ${found}`);
    }
    await page.setViewportSize({ width: 1280, height: 800 });
    await scene.leave?.(app, account);
  }
  expect(beyond).toEqual([]);
});

test("nothing moves while list and sidebar come", async ({ devices, account }) => {
  await account.notebook("Work");
  await account.note({ body: "# Still", tags: ["calm"] });
  const { page, app } = await devices.signedIn(account);
  await page.setViewportSize({ width: 1280, height: 800 });
  // What comes last is held up, so that it comes after everything else.
  await page.route("**/api/v1/notebooks**", async (route) => {
    await new Promise((wait) => setTimeout(wait, 500));
    await route.continue();
  });
  await page.reload();
  await seen(app.entry("Still"));
  await seen(page.getByRole("link", { name: /calm/ }).first());
  const moved = await page.evaluate(
    () =>
      new Promise<number>((tell) => {
        new PerformanceObserver((list) => tell(list.getEntries().reduce((all, one) => all + shiftOf(one), 0))).observe({
          type: "layout-shift",
          buffered: true,
        });
        const shiftOf = (entry: PerformanceEntry) => (entry as PerformanceEntry & { value: number }).value;
        // Where nothing has moved nobody calls.
        setTimeout(() => tell(0), 300);
      }),
  );
  expect(moved).toBe(0);
});

test("who asked for less motion gets none", async ({ devices, account }) => {
  await account.note({ body: "# Still" });
  const { page, app } = await devices.signedIn(account, { reducedMotion: "reduce" });
  await seen(app.entry("Still"));
  await page.keyboard.press("Control+k");
  await seen(app.palette);
  const moving = await page.evaluate(() =>
    document
      .getAnimations()
      .filter((one) => Number(one.effect?.getComputedTiming().duration ?? 0) > 1)
      .map((one) => (one.effect instanceof KeyframeEffect ? (one.effect.target?.outerHTML ?? "").slice(0, 100) : "")),
  );
  expect(moving).toEqual([]);
});

/** What lies outside of the window sideways and cannot be scrolled to within its own pane. */
function sticksOut(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    await new Promise((frame) => requestAnimationFrame(() => requestAnimationFrame(frame)));
    const found: string[] = [];
    const over = document.documentElement.scrollWidth - innerWidth;
    if (over > 0) found.push(`the page is ${over} px too wide`);
    for (const element of document.querySelectorAll<HTMLElement>(
      "button, a[href], input, h1, h2, p, [role=menuitem]",
    )) {
      if (!element.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
      const { left, right, width } = element.getBoundingClientRect();
      if (width <= 1 || (left >= -1 && right <= innerWidth + 1)) continue;
      // What scrolls sideways on purpose: tables and code.
      const scrolls = (at: HTMLElement | null): boolean =>
        at !== null && (/auto|scroll/.test(getComputedStyle(at).overflowX) || scrolls(at.parentElement));
      if (!scrolls(element.parentElement)) found.push(`${element.outerHTML.slice(0, 120)} [${left}, ${right}]`);
    }
    return found;
  });
}

test("no line breaks between bold words and the full stop behind them", async ({ devices, account }) => {
  const note = await account.note({ body: `# Stops\n\n${"Some words are **bold**. ".repeat(60)}\n` });
  const { page, app } = await devices.signedIn(account);
  await app.open(`/notes/${note.id}`);
  await seen(app.note.getByText("bold").first());
  // What shows the text first is not yet what is measured.
  await expect.poll(async () => (await page.evaluate(torn)).stops).toBe(60);
  for (let width = 900; width < 1000; width += 10) {
    await page.setViewportSize({ width, height: 800 });
    expect(await page.evaluate(torn), `${width}`).toEqual({ stops: 60, torn: 0 });
  }
});

/** How many texts begin with a full stop, and how many of those lie below what stands before them. */
function torn(): { stops: number; torn: number } {
  const top = (text: Text, at: number): number => {
    const range = document.createRange();
    range.setStart(text, at);
    range.setEnd(text, at + 1);
    return range.getBoundingClientRect().top;
  };
  const walker = document.createTreeWalker(document.querySelector(".cm-content") as Node, NodeFilter.SHOW_TEXT);
  const found = { stops: 0, torn: 0 };
  let before: Text | undefined;
  while (walker.nextNode()) {
    const text = walker.currentNode as Text;
    if (before && text.data.startsWith(".")) {
      found.stops += 1;
      if (top(text, 0) - top(before, before.length - 1) > 5) found.torn += 1;
    }
    before = text;
  }
  return found;
}
