/** Two who write at once: devices, tabs, and somebody who deletes what another one edits. */
import type { Account } from "../support/account";
import type { App } from "../support/app";
import { type Devices, expect, journeys } from "../support/journey";
import { gone, seen } from "../support/wait";

const test = journeys();

/** `mine` is typed here while `theirs` has reached the server from elsewhere; ends when the app knows. */
async function overlap(devices: Devices, account: Account): Promise<{ app: App; id: string }> {
  const note = await account.note({ body: "# Meeting\n\nat nine\n" });
  const { context, app, watch } = await devices.signedIn(account);
  watch.allow(/^412 PATCH/, /ERR_INTERNET_DISCONNECTED/);
  await app.choose("Meeting");
  await context.setOffline(true);
  await app.editor.getByText("at nine").click();
  await app.page.keyboard.press("End");
  await app.page.keyboard.type(" sharp");
  await account.patch(note.id, { body: "# Meeting\n\nat nine or ten\n" });
  await context.setOffline(false);
  await seen(app.button("Keep mine"));
  return { app, id: note.id };
}

test("edits of different places are merged without a question", async ({ devices, account }) => {
  const note = await account.note({ body: "# Both\n\ntop\n\nmiddle\n\nbottom\n" });
  const { context, app, watch } = await devices.signedIn(account);
  watch.allow(/^412 PATCH/, /ERR_INTERNET_DISCONNECTED/);
  await app.choose("Both");
  await context.setOffline(true);
  await app.editor.getByText("bottom").click();
  await app.page.keyboard.press("End");
  await app.page.keyboard.type(" of mine");
  await account.patch(note.id, { body: "# Both\n\ntop of theirs\n\nmiddle\n\nbottom\n" });
  await context.setOffline(false);
  await app.saved();
  const merged = "# Both\n\ntop of theirs\n\nmiddle\n\nbottom of mine\n";
  await expect.poll(() => account.body(note.id)).toBe(merged);
  await seen(app.editor.getByText("top of theirs"));
});

test("overlapping edits show both; mine can be kept", async ({ devices, account }) => {
  const { app, id } = await overlap(devices, account);
  await app.button("Keep mine").click();
  await app.saved();
  await expect.poll(() => account.body(id)).toBe("# Meeting\n\nat nine sharp\n");
});

test("overlapping edits show both; theirs can be kept", async ({ devices, account }) => {
  const { app, id } = await overlap(devices, account);
  await app.button("Keep theirs").click();
  await app.saved();
  await expect.poll(() => account.body(id)).toBe("# Meeting\n\nat nine or ten\n");
  await seen(app.editor.getByText("at nine or ten"));
});

test("overlapping edits show both; both can be kept", async ({ devices, account }) => {
  const { app, id } = await overlap(devices, account);
  await app.button("Keep both").click();
  await gone(app.button("Keep both"));
  await app.saved();
  await expect.poll(() => account.body(id)).toBe("# Meeting\n\nat nine or ten\n");
  await expect
    .poll(async () => (await account.notes()).map((note) => note.body).filter((body) => body.includes("sharp")))
    .toEqual(["# Meeting\n\nat nine sharp\n"]);
});

test("two tabs on one note show one text and lose no key", async ({ devices, account }) => {
  const note = await account.note({ body: "# Tabs\n\n" });
  const { context, app } = await devices.signedIn(account);
  await app.open(`/notes/${note.id}`);
  const other = app.on(await context.newPage());
  await other.open(`/notes/${note.id}`);
  await seen(other.editor);
  for (const [tab, word] of [
    [app, "one "],
    [other, "two "],
    [app, "three "],
    [other, "four "],
  ] as const) {
    await tab.page.bringToFront();
    await tab.append(word);
    for (const each of [app, other]) await expect.poll(() => each.editor.textContent()).toContain(word.trim());
  }
  await app.saved();
  await other.saved();
  await expect.poll(() => account.body(note.id)).toBe("# Tabs\n\none two three four ");
});

test("a change from another device appears in an open note, and the cursor stays", async ({ devices, account }) => {
  const note = await account.note({ body: "# Shared\n\nmine here\n\ntheirs there\n" });
  const { app } = await devices.signedIn(account);
  await app.choose("Shared");
  await app.editor.getByText("mine here").click();
  await app.page.keyboard.press("End");
  await account.patch(note.id, { body: "# Shared\n\nmine here\n\ntheirs there, changed\n" });
  await app.comeBack();
  await seen(app.editor.getByText("theirs there, changed"));
  await app.page.keyboard.type("!");
  await app.saved();
  await expect.poll(() => account.body(note.id)).toBe("# Shared\n\nmine here!\n\ntheirs there, changed\n");
});

test("a note that was purged elsewhere while it was edited here can be kept as a new one", async ({
  devices,
  account,
}) => {
  const note = await account.note({ body: "# Doomed" });
  const { context, app, watch } = await devices.signedIn(account);
  watch.allow(/^404 /, /ERR_INTERNET_DISCONNECTED/);
  await app.choose("Doomed");
  // With a line it would be heard of before the last key, and nobody writes into what is gone.
  await context.setOffline(true);
  await account.purge(note.id);
  await app.append(" but dear");
  await context.setOffline(false);
  await app.button(/Keep as (a )?new/).click();
  await app.saved();
  const kept = await account.notes();
  expect(kept.map((one) => one.body)).toEqual(["# Doomed but dear"]);
  expect(kept[0]?.id).not.toBe(note.id);
});
