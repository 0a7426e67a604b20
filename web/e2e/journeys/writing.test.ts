/** Writing, finding again, and getting back exactly what was written. */
import { expect, journeys } from "../support/journey";
import { seen } from "../support/wait";

const test = journeys();

test("what is typed is saved by itself, found by search, and opened at the match", async ({ devices, account }) => {
  const { page, app } = await devices.signedIn(account);
  const filler = Array.from({ length: 80 }, (_, line) => `Line ${line} of nothing much.`).join("\n");
  const note = await account.note({ body: `# Long one\n\n${filler}\n\nThe heron stood in the reeds.\n` });
  const id = await app.write("# Marsh walk\n\nA bittern boomed at dusk.");
  await app.saved();
  await expect.poll(() => account.body(id)).toBe("# Marsh walk\n\nA bittern boomed at dusk.");

  await app.search("bittern");
  await seen(app.entry("Marsh walk"));
  await expect.poll(() => app.count.textContent()).toMatch(/^1 /);

  await app.search("heron");
  await seen(app.entry("Long one"));
  await app.choose("Long one");
  expect(app.id).toBe(note.id);
  const match = page.locator("mark, .cm-content *").getByText("heron", { exact: true }).first();
  await seen(match);
  await expect.poll(() => app.inView(match)).toBe(true);
});

test("a search stands in the address and survives a reload", async ({ devices, account }) => {
  await account.note({ body: "# Wren\n\nSmall and loud.", tags: ["birds"] });
  await account.note({ body: "# Anvil\n\nLarge and quiet." });
  const { page, app } = await devices.signedIn(account);
  await app.search("loud");
  await seen(app.entry("Wren"));
  await page.waitForURL(/[?&]q=loud/);
  await page.reload();
  await seen(app.entry("Wren"));
  expect(await app.searchBox.inputValue()).toBe("loud");
  await expect.poll(() => app.entry("Anvil").count()).toBe(0);
});

test("a note with mixed line ends keeps every byte that nobody touched", async ({ devices, account }) => {
  const body = "# Mixed\r\n\r\nfirst line\r\nsecond line\nthird line\r\n\ttabbed  \r\nlast without an end";
  const note = await account.note({ body });
  const { page, app } = await devices.signedIn(account);
  await app.choose("Mixed");
  await app.editor.getByText("second line").click();
  await page.keyboard.press("End");
  await page.keyboard.type(" and more");
  await app.saved();
  await expect.poll(() => account.body(note.id)).toBe(body.replace("second line", "second line and more"));
});

test("opening and leaving a note changes nothing", async ({ devices, account }) => {
  const note = await account.note({ body: "# Nasty  \r\n* a\n+ b\n\n\n\n1) c\n~~~\nx\n~~~\n&nbsp;<b>raw</b>\\\n" });
  await account.note({ body: "# Other" });
  const { app } = await devices.signedIn(account);
  await app.choose("Nasty");
  await app.editor.click();
  await app.choose("Other");
  await app.saved();
  const after = await account.read(note.id);
  expect([after.body, after.version]).toEqual([note.body, note.version]);
});

test("formatted text is pasted as Markdown", async ({ devices, account }) => {
  const { app } = await devices.signedIn(account);
  const id = await app.write("");
  await app.editor.click();
  await app.paste(
    "text/html",
    '<h2>Plan</h2><p>A <b>bold</b> <a href="https://example.org/">link</a></p><ul><li>one</li><li>two</li></ul>',
  );
  await app.saved();
  const body = await account.body(id);
  expect(body).toContain("## Plan");
  expect(body).toContain("A **bold** [link](https://example.org/)");
  expect(body).toContain("- one\n- two");
});

test("pasted HTML brings no script with it", async ({ devices, account }) => {
  const { page, app } = await devices.signedIn(account);
  await app.write("Before ");
  await app.paste(
    "text/html",
    "<p>safe</p><img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>",
  );
  await app.saved();
  expect(await page.title()).not.toContain("owned");
});

test("a note of one MiB opens, is typed into and saved", async ({ devices, account }) => {
  const line = "All work and no play makes a long note, forty times over. ".repeat(4);
  const body = `# One MiB\n\n${`${line}\n\n`.repeat(4600)}`.slice(0, 1024 * 1024 - 200);
  const note = await account.note({ body });
  const { page, app } = await devices.signedIn(account);
  await app.choose("One MiB");
  await app.editor.click();
  await page.keyboard.press("Control+End");
  await page.keyboard.type("The very end.");
  await app.saved();
  // Not compared by the runner, which would print both.
  await expect.poll(async () => (await account.body(note.id)) === `${body}The very end.`).toBe(true);
});

test("a note beyond the limit is refused in words and stays on this device", async ({ devices, account }) => {
  const { page, app, watch } = await devices.signedIn(account);
  watch.allow(/^(413|422) (POST|PATCH) .*\/notes/);
  await app.write("# Too much\n\n");
  await app.paste("text/plain", "x".repeat(1024 * 1024 + 10));
  await seen(app.note.getByText(/the text is 1 KiB too long/));
  await page.keyboard.press("Control+Z");
  await app.saved();
});

test("a title that is too long stays on this device until it is shorter", async ({ devices, account }) => {
  const note = await account.note({ title: "Trip", body: "To Kyoto." });
  const { page, app, watch } = await devices.signedIn(account);
  watch.allow(/^422 PATCH .*\/notes/);
  await app.open(`/notes/${note.id}`);
  const title = page.getByRole("textbox", { name: app.say("notes.title.label") });
  const long = "long ".repeat(120).trim();
  await title.fill(long);
  await seen(app.note.getByText(/the title is too long/));
  await page.reload();
  await expect.poll(() => title.inputValue()).toBe(long);
  await title.fill("Trip to Kyoto");
  await app.saved();
  expect((await account.read(note.id)).title).toBe("Trip to Kyoto");
});
