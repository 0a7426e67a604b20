/** Taking notes away as files, and bringing them in again, in the app alone. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Account } from "../support/account";
import type { App } from "../support/app";
import { expect, journeys } from "../support/journey";
import { gone, seen } from "../support/wait";
import { zipOf } from "../support/zip";

const test = journeys();

/** Presses what has that name, by keys. */
async function press(app: App, name: string): Promise<void> {
  await app.button(name).focus();
  await app.page.keyboard.press("Enter");
}

/** Chooses a file in the browser's dialog, and imports it. */
async function bringIn(app: App, archive: string | Buffer): Promise<void> {
  const file =
    typeof archive === "string" ? archive : { name: "notes.zip", mimeType: "application/zip", buffer: archive };
  const [dialog] = await Promise.all([app.page.waitForEvent("filechooser"), press(app, "Choose a zip")]);
  await dialog.setFiles(file);
  // The button has the focus when it comes.
  await expect.poll(() => app.focused()).toBe("Import notes");
  await app.page.keyboard.press("Enter");
}

/** What the report says under that word. */
const told = (app: App, label: string): Promise<string | null> =>
  app.page.getByText(label, { exact: true }).locator("xpath=..").getByRole("definition").textContent();

/** Notes as their owner knows them, whatever their ids are. */
const known = async (account: Account) =>
  (await Promise.all(["active", "archived", "trashed"].map((state) => account.notes(`&state=${state}`))))
    .flat()
    .map(({ title, body, tags, state, created_at, updated_at }) => ({
      title,
      body,
      tags,
      state,
      created_at,
      updated_at,
    }))
    .toSorted((a, b) => a.title.localeCompare(b.title));

test("an export is downloaded, and another account brings it in as it was, by keys alone", async ({
  server,
  devices,
  account,
}) => {
  const garden = await account.notebook("Garden");
  await account.note({ body: "# Beans\n\nSoaked overnight.", tags: ["seeds"], notebook_id: garden.id });
  const old = await account.note({ body: "# Old plan\r\n\r\nOf 2019." });
  await account.patch(old.id, { state: "archived" });
  const away = await account.note({ body: "# Torn up" });
  await account.trash(away.id);

  const { page, app } = await devices.signedIn(account);
  await app.open("/settings/data");
  await press(app, "Export notes");
  const link = page.getByRole("link", { name: /^Download the export of/ });
  await seen(link);
  await seen(page.getByText(/^3 notes, /));
  await link.focus();
  const [download] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
  expect(download.suggestedFilename()).toMatch(/^inkstone-\d{4}-\d\d-\d\d\.zip$/);
  const archive = join(await download.path(), "..", "carried.zip");
  await download.saveAs(archive);
  expect((await readFile(archive)).subarray(0, 2).toString()).toBe("PK");
  // It is still offered when the page is opened again.
  await page.reload();
  await seen(link);

  const other = await server.account();
  const { page: theirPage, app: theirs } = await devices.signedIn(other);
  // Who has no notes yet is shown the way.
  await theirPage.getByRole("link", { name: "Import a zip" }).focus();
  await theirPage.keyboard.press("Enter");
  await bringIn(theirs, archive);
  await seen(theirPage.getByRole("heading", { name: "Import done" }));
  expect(await told(theirs, "Notes created")).toBe("3");
  expect(await told(theirs, "Notebooks created")).toBe("1");
  expect(await known(other)).toEqual(await known(account));

  // Once more adds nothing.
  await bringIn(theirs, archive);
  await expect.poll(() => told(theirs, "Already there")).toBe("3");
  expect(await told(theirs, "Notes created")).toBe("0");

  await theirPage.getByRole("link", { name: "To your notes" }).focus();
  await theirPage.keyboard.press("Enter");
  await seen(theirs.entry("Beans"));
  await seen(theirs.place("Garden"));
  await theirs.choose("Beans");
  await expect.poll(() => theirs.editor.textContent()).toContain("Soaked overnight.");
});

test("Markdown from elsewhere comes in, and what was skipped is named with its reason", async ({
  devices,
  account,
}) => {
  const { page, app } = await devices.signedIn(account);
  await app.open("/settings/data");
  await bringIn(
    app,
    zipOf({ "Trips/كيوتو.md": "# Kyoto", "Trips/ticket.pdf": "%PDF-1.7", ".obsidian/app.json": "{}" }),
  );
  const skipped = page.getByRole("list", { name: "Skipped files" });
  await seen(skipped);
  expect(await skipped.getByRole("listitem").allTextContents()).toEqual([
    "Trips/ticket.pdfNot Markdown",
    ".obsidian/app.jsonHidden",
  ]);
  await page.getByRole("link", { name: "To your notes" }).click();
  await seen(app.entry("Kyoto"));
  await seen(app.place("Trips"));
});

test("an import goes on without its page, which finds it again", { timeout: 120_000 }, async ({ devices, account }) => {
  const many = Object.fromEntries(Array.from({ length: 3000 }, (_, index) => [`Log/${index}.md`, `# Day ${index}`]));
  const { page, app } = await devices.signedIn(account);
  await app.open("/settings/data");
  const [taken] = await Promise.all([
    page.waitForResponse((answer) => answer.url().endsWith("/api/v1/import")),
    bringIn(app, zipOf(many)),
  ]);
  expect(taken.status()).toBe(202);
  await page.reload();
  await seen(page.getByRole("progressbar").or(page.getByRole("heading", { name: "Import done" })));
  await page.getByRole("heading", { name: "Import done" }).waitFor({ timeout: 90_000 });
  expect(await told(app, "Notes created")).toBe("3,000");
});

test("sending is stopped by a button, and nothing has come in", async ({ devices, account }) => {
  const { page, app } = await devices.signedIn(account);
  await app.open("/settings/data");
  // A line that takes everything and gives no answer.
  await page.route("**/api/v1/import", () => {});
  await bringIn(app, zipOf({ "a.md": "# A" }));
  await seen(page.getByRole("progressbar", { name: "The zip is being sent" }));
  // It goes on while somebody looks at something else in the app.
  await app.place("All notes").click();
  await page.goBack();
  await press(app, "Cancel");
  await seen(page.getByText("Sending was stopped."));
  await seen(app.button("Choose a zip"));
  expect(await account.notes()).toEqual([]);
});

test("what is no zip is refused before it is sent; what only looks like one, by the job", async ({
  devices,
  account,
}) => {
  const { page, app } = await devices.signedIn(account);
  await app.open("/settings/data");
  const input = page.locator("input[type=file]");
  await input.setInputFiles({ name: "note.md", mimeType: "text/markdown", buffer: Buffer.from("# A") });
  await seen(page.getByText(/Only a zip can be imported here/));
  await bringIn(app, Buffer.from("PK\x03\x04 and then something else"));
  await gone(page.getByText(/Only a zip can be imported here/));
  await seen(page.getByText("The import has failed"));
  await seen(page.getByText(/^The server says: it is not a zip/));
});
