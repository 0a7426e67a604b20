/** Everything that matters without a mouse. */
import { expect, journeys } from "../support/journey";
import { gone, seen } from "../support/wait";

const test = journeys();

test("from signing in to a written, tagged, found and archived note by keys alone", async ({ devices, account }) => {
  const { page, app } = await devices.open();
  const { keyboard } = page;
  await app.open("/login");
  await expect.poll(() => app.focused()).toBe("E-mail");
  await keyboard.type(account.email);
  await keyboard.press("Tab");
  await keyboard.type(account.password);
  await keyboard.press("Enter");
  await seen(app.searchBox);

  await keyboard.press("n");
  await seen(app.editor);
  await expect.poll(() => app.editor.evaluate((text) => text === document.activeElement)).toBe(true);
  await keyboard.type("# Written by keys\n\nNo mouse was near.");
  await keyboard.press("Control+s");
  await app.saved();
  const id = app.id;

  await keyboard.press("Escape");
  await keyboard.press("t");
  await expect.poll(() => app.focused()).toMatch(/tag/i);
  await keyboard.type("hands");
  await keyboard.press("Enter");
  await expect.poll(async () => (await account.read(id)).tags).toEqual(["hands"]);
  await keyboard.press("Escape");

  await keyboard.press("Control+k");
  await seen(app.palette);
  await keyboard.type("written");
  await seen(app.palette.getByRole("option", { name: "Written by keys" }));
  await keyboard.press("Enter");
  await gone(app.palette);
  expect(app.id).toBe(id);

  await keyboard.press("Control+k");
  await keyboard.type("archive");
  await seen(app.palette.getByRole("option", { name: /^Archive/ }));
  await expect.poll(() => app.palette.getByRole("option", { selected: true }).textContent()).toMatch(/^Archive/);
  await keyboard.press("Enter");
  await expect.poll(() => account.state(id)).toBe("archived");
});

test("J and K walk through the list, Enter opens, Escape goes back", async ({ devices, account }) => {
  for (const title of ["Third", "Second", "First"]) await account.note({ body: `# ${title}` });
  const { page, app } = await devices.signedIn(account);
  await seen(app.entry("First"));
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await expect.poll(() => app.focused()).toMatch(/Second/);
  await page.keyboard.press("k");
  await expect.poll(() => app.focused()).toMatch(/First/);
  await page.keyboard.press("Enter");
  await seen(app.editor);
  await expect.poll(() => app.editor.textContent()).toContain("First");
});

test("/ goes to the search, Escape leaves it, and typing into it triggers no keys", async ({ devices, account }) => {
  await account.note({ body: "# Neon\n\nephemeral pink" });
  const { page, app } = await devices.signedIn(account);
  await seen(app.entry("Neon"));
  await page.keyboard.press("/");
  await page.keyboard.type("ephem");
  expect(await app.searchBox.inputValue()).toBe("ephem");
  await seen(app.entry("Neon"));
  expect(page.url()).not.toContain("/notes/");
});

test("? shows the keys, and single keys can be switched off", async ({ devices, account }) => {
  const { page, app } = await devices.signedIn(account);
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await seen(sheet);
  await page.keyboard.press("Escape");
  await gone(sheet);
  await app.open("/settings/appearance");
  await page.getByRole("switch", { name: "Single-key shortcuts" }).click();
  await app.open("/");
  await seen(app.searchBox);
  await page.keyboard.press("?");
  await page.keyboard.press("Control+k");
  await seen(app.palette);
  expect(await sheet.count()).toBe(0);
});

test("the focus is always to be seen", async ({ devices, account }) => {
  await account.note({ body: "# Somewhere" });
  const { page, app } = await devices.signedIn(account);
  await app.choose("Somewhere");
  await page.keyboard.press("Escape");
  const unseen: string[] = [];
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press("Tab");
    const found = await page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement) || element === document.body) return undefined;
      // The ring may be drawn by what stands around a field.
      for (let at: HTMLElement | null = element; at && at !== document.body; at = at.parentElement) {
        const style = getComputedStyle(at);
        const ring = style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 1;
        if (ring || style.boxShadow !== "none") return undefined;
      }
      // The cursor shows where one writes.
      if (element.isContentEditable) return undefined;
      return element.outerHTML.slice(0, 120);
    });
    if (found) unseen.push(found);
  }
  expect(unseen).toEqual([]);
});
