/** Two devices of one person: what changes on one appears on the other at once, without anybody doing anything there. */
import type { Page } from "playwright-core";
import { expect, journeys } from "../support/journey";
import { gone, listening, seen } from "../support/wait";

const test = journeys();

/** Far below the quarter of a minute after which a device would look by itself. */
const SOON = { timeout: 5_000 };

/** The streams that a page has asked for. */
function streamsOf(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => {
    if (new URL(request.url()).pathname.endsWith("/api/v1/events")) asked.push(request.url());
  });
  return asked;
}

test("a change on one device appears in the list and the open note of the other, and the cursor stays", async ({
  devices,
  account,
}) => {
  const note = await account.note({ body: "# Shared\n\nmine here\n\ntheirs there\n" });
  const there = await devices.open();
  const ready = listening(there.page);
  await there.app.signIn(account);
  await there.app.choose("Shared");
  await there.app.editor.getByText("mine here").click();
  await there.page.keyboard.press("End");
  await ready;

  const here = await devices.signedIn(account);
  await here.app.open(`/notes/${note.id}`);
  await here.app.editor.getByText("theirs there").click();
  await here.page.keyboard.press("End");
  await here.page.keyboard.type(", changed");
  await here.app.saved();
  const saved = performance.now();
  await there.app.editor.getByText("theirs there, changed").waitFor(SOON);
  console.info(`an open note followed after ${Math.round(performance.now() - saved)} ms`);
  // Nothing was touched there: what is typed goes where the cursor was.
  await there.page.keyboard.type("!");
  await there.app.saved();
  await expect.poll(() => account.body(note.id)).toBe("# Shared\n\nmine here!\n\ntheirs there, changed\n");
  await here.app.editor.getByText("mine here!").waitFor(SOON);

  await here.app.write("# A new one");
  await here.app.saved();
  await there.app.entry("A new one").waitFor(SOON);
  await account.trash(here.app.id);
  await there.app.entry("A new one").waitFor({ state: "hidden", ...SOON });
});

test("two who write into different places at once keep all that they write", async ({ devices, account }) => {
  const note = await account.note({ body: "# Both\n\ntop\n\nmiddle\n\nbottom\n" });
  const [one, two] = [await devices.signedIn(account), await devices.signedIn(account)];
  for (const device of [one, two]) {
    device.watch.allow(/^412 PATCH/);
    await device.app.open(`/notes/${note.id}`);
    await seen(device.app.editor);
  }
  await one.app.editor.getByText("top").click();
  await one.page.keyboard.press("End");
  await two.app.editor.getByText("bottom").click();
  await two.page.keyboard.press("End");
  for (const word of ["a", "b", "c", "d"]) {
    await Promise.all([one.page.keyboard.type(` ${word}`), two.page.keyboard.type(` ${word.toUpperCase()}`)]);
  }
  const merged = "# Both\n\ntop a b c d\n\nmiddle\n\nbottom A B C D\n";
  await expect.poll(() => account.body(note.id), SOON).toBe(merged);
  for (const { app } of [one, two]) {
    await app.editor.getByText("top a b c d").waitFor(SOON);
    await app.editor.getByText("bottom A B C D").waitFor(SOON);
  }
});

test("tabs of one browser share a stream", async ({ devices, account }) => {
  const { context, app, page } = await devices.open();
  const asked = streamsOf(page);
  const ready = listening(page);
  await app.signIn(account);
  await ready;
  const other = app.on(await context.newPage());
  const more = streamsOf(other.page);
  await other.open();
  await seen(other.searchBox);
  await account.note({ body: "# For both tabs" });
  await other.entry("For both tabs").waitFor(SOON);
  await page.bringToFront();
  await app.entry("For both tabs").waitFor(SOON);
  expect(more).toEqual([]);
  expect(asked).toHaveLength(1);
  // The next one takes over.
  const takesOver = listening(other.page);
  await page.close();
  await takesOver;
  await account.note({ body: "# For the other" });
  await other.entry("For the other").waitFor(SOON);
});

test("a session that is ended elsewhere is over on the screen at once", async ({ devices, account }) => {
  const { app, page, watch } = await devices.open();
  watch.allow(/^401 /);
  const ready = listening(page);
  await app.signIn(account);
  await ready;
  await account.endOtherSessions();
  await app.dialog.waitFor(SOON);
});

test("after signing out nothing listens any more", async ({ devices, account }) => {
  const { app, page } = await devices.open();
  const ended = new Promise<void>((done) => {
    page.on("requestfailed", (request) => request.url().endsWith("/api/v1/events") && done());
    page.on("requestfinished", (request) => request.url().endsWith("/api/v1/events") && done());
  });
  const ready = listening(page);
  await app.signIn(account);
  await ready;
  await app.signOut();
  await ended;
  await gone(app.searchBox);
});
