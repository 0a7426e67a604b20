/** Notebooks and tags: making, renaming, moving, deleting, and what becomes of the notes in them. */
import { expect, journeys } from "../support/journey";
import { gone, seen } from "../support/wait";

const test = journeys();

test("a notebook is made, a note moved into it, and the notebook renamed", async ({ devices, account }) => {
  const note = await account.note({ body: "# Seeds" });
  const { page, app } = await devices.signedIn(account);
  await app.button("New notebook").first().click();
  await app.dialog.getByLabel("Name").fill("Garden");
  await app.dialog.getByRole("button", { name: "Make the notebook" }).click();
  await seen(app.place("Garden"));

  await app.place("All notes").click();
  await app.choose("Seeds");
  await app.menu("Move to notebook");
  await app.dialog.getByRole("option", { name: "Garden" }).click();
  await expect.poll(async () => (await account.read(note.id)).notebook_id).not.toBeNull();

  await app.branchMenu("Actions for the notebook “Garden”", "Rename…");
  await app.dialog.getByLabel("Name").fill("Allotment");
  await app.dialog.getByRole("button", { name: "Rename" }).click();
  await app.place("Allotment").click();
  await seen(app.entry("Seeds"));
  await page.waitForURL(/notebook=/);
  await expect.poll(async () => (await account.notebooks()).map((one) => one.name)).toEqual(["Allotment"]);
});

test("a notebook moves into another one with all that is in it", async ({ devices, account }) => {
  const [inner, outer] = [await account.notebook("Inner"), await account.notebook("Outer")];
  await account.note({ body: "# Nested", notebook_id: inner.id });
  const { app } = await devices.signedIn(account);
  await app.branchMenu("Actions for the notebook “Inner”", "Move to…");
  await app.dialog.getByRole("option", { name: "Outer" }).or(app.dialog.getByLabel("Outer")).first().click();
  await app.dialog.getByRole("button", { name: /^Move/ }).click();
  await expect
    .poll(async () => (await account.notebooks()).find((one) => one.id === inner.id)?.parent_id)
    .toBe(outer.id);
});

test("deleting a notebook asks what becomes of its notes, and keeps them", async ({ devices, account }) => {
  const book = await account.notebook("Closing");
  const note = await account.note({ body: "# Survivor", notebook_id: book.id });
  const { app } = await devices.signedIn(account);
  await app.branchMenu("Actions for the notebook “Closing”", "Delete…");
  await app.dialog.getByLabel("Keep, outside of notebooks").check();
  await app.dialog.getByRole("button", { name: "Delete the notebook" }).click();
  await gone(app.place("Closing"));
  await expect.poll(async () => (await account.read(note.id)).notebook_id).toBeNull();
  expect(await account.state(note.id)).toBe("active");
});

test("deleting a notebook can take its notes to the trash", async ({ devices, account }) => {
  const book = await account.notebook("Rubbish");
  const note = await account.note({ body: "# Peel", notebook_id: book.id });
  const { app } = await devices.signedIn(account);
  await app.branchMenu("Actions for the notebook “Rubbish”", "Delete…");
  await app.dialog.getByLabel("Move to the trash").check();
  await app.dialog.getByRole("button", { name: "Delete the notebook" }).click();
  await expect.poll(() => account.state(note.id)).toBe("trashed");
});

test("a tag is put on a note, shown in the sidebar, and narrows the list", async ({ devices, account }) => {
  const note = await account.note({ body: "# Robin" });
  await account.note({ body: "# Hammer" });
  const { page, app } = await devices.signedIn(account);
  await app.choose("Robin");
  await app.tag("birds");
  await expect.poll(async () => (await account.read(note.id)).tags).toEqual(["birds"]);
  await app.place("birds").click();
  await page.waitForURL(/tag=birds/);
  await seen(app.entry("Robin"));
  await expect.poll(() => app.entry("Hammer").count()).toBe(0);
});

test("a tag is renamed on all notes, merged into another one, and deleted", async ({ devices, account }) => {
  const first = await account.note({ body: "# A", tags: ["todo"] });
  const second = await account.note({ body: "# B", tags: ["later"] });
  const { app } = await devices.signedIn(account);
  await app.branchMenu("Actions for the tag “todo”", "Rename…");
  await app.dialog.getByLabel("Name").fill("soon");
  await app.dialog.getByRole("button", { name: "Rename" }).click();
  await expect.poll(async () => (await account.read(first.id)).tags).toEqual(["soon"]);

  await app.branchMenu("Actions for the tag “soon”", "Rename…");
  await app.dialog.getByLabel("Name").fill("later");
  await app.dialog.getByRole("button", { name: "Rename" }).click();
  await app.dialog.getByRole("button", { name: "Merge" }).click();
  await expect.poll(async () => (await account.read(first.id)).tags).toEqual(["later"]);

  await app.branchMenu("Actions for the tag “later”", "Delete…");
  await app.dialog.getByRole("button", { name: "Delete the tag" }).click();
  await expect.poll(async () => (await account.read(second.id)).tags).toEqual([]);
  await gone(app.place("later"));
});
