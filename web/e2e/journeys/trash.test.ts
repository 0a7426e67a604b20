/** Throwing away, changing one's mind, and throwing away for good. */
import { expect, journeys } from "../support/journey";
import { gone, seen } from "../support/wait";

const test = journeys();

test("a note goes to the trash, comes back by Undo, and is found where it was", async ({ devices, account }) => {
  const note = await account.note({ body: "# Draft" });
  const { app } = await devices.signedIn(account);
  await app.choose("Draft");
  await app.menu("Move to the trash");
  await expect.poll(() => account.state(note.id)).toBe("trashed");
  await gone(app.entry("Draft"));
  await app.button("Undo").click();
  await expect.poll(() => account.state(note.id)).toBe("active");
  await seen(app.entry("Draft"));
});

test("a note in the trash is restored from there", async ({ devices, account }) => {
  const note = await account.note({ body: "# Rescued" });
  await account.trash(note.id);
  const { app } = await devices.signedIn(account);
  await app.place("Trash").click();
  await app.entry("Rescued").click();
  await app.button("Restore").first().click();
  await expect.poll(() => account.state(note.id)).toBe("active");
  await app.place("All notes").click();
  await seen(app.entry("Rescued"));
});

test("a note is deleted for ever only after a question", async ({ devices, account }) => {
  const note = await account.note({ body: "# Burn this" });
  await account.trash(note.id);
  const { page, app, watch } = await devices.signedIn(account);
  // The note that is open may be asked for once more on its way out.
  watch.allow(new RegExp(`^404 GET .*/notes/${note.id}$`));
  await app.place("Trash").click();
  await app.entry("Burn this").click();
  await app.menu("Delete for ever");
  const question = page.getByRole("dialog").or(page.getByRole("alertdialog"));
  await seen(question);
  await page.keyboard.press("Escape");
  await gone(question);
  expect(await account.state(note.id)).toBe("trashed");
  await app.menu("Delete for ever");
  await question.getByRole("button", { name: "Delete for ever" }).click();
  await expect.poll(() => account.state(note.id)).toBeUndefined();
});

test("an archived note leaves the list, is found by search, and comes back", async ({ devices, account }) => {
  const note = await account.note({ body: "# Finished business" });
  const { app } = await devices.signedIn(account);
  await app.choose("Finished business");
  await app.menu("Archive");
  await expect.poll(() => account.state(note.id)).toBe("archived");
  await gone(app.entry("Finished business"));
  await app.search("business");
  await seen(app.entry("Finished business"));
  await app.search("");
  await app.place("Archive").click();
  await app.choose("Finished business");
  await app.menu("Take out of the archive");
  await expect.poll(() => account.state(note.id)).toBe("active");
});

test("a pinned note stands under Pinned", async ({ devices, account }) => {
  await account.note({ body: "# Important" });
  await account.note({ body: "# Ordinary" });
  const { app } = await devices.signedIn(account);
  await app.choose("Important");
  await app.note.getByRole("button", { name: "Pin" }).click();
  await app.saved();
  await app.place("Pinned").click();
  await seen(app.entry("Important"));
  await expect.poll(() => app.entry("Ordinary").count()).toBe(0);
});
