/** From a query to the place in a note, and back. */
import { expect, journeys, phone } from "../support/journey";
import { gone, seen } from "../support/wait";

const test = journeys();

const far = (word: string) =>
  `# Log\n\n${"Nothing of note here.\n\n".repeat(120)}The ${word} came back.\n\nOne more ${word}.\n`;

test("from the query into the hits, into the note and back, by keys alone", async ({ devices, account }) => {
  await account.note({ body: "# First heron" });
  await account.note({ body: "# Second heron\n\nA heron, and another Héron." });
  const { page, app } = await devices.signedIn(account);
  await seen(app.entry("First heron"));
  await page.keyboard.press("/");
  await page.keyboard.type("heron ");
  await seen(app.count.filter({ hasText: "2 results" }));
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => app.focused()).toMatch(/heron/);
  await page.keyboard.press("ArrowUp");
  await expect.poll(() => app.focused()).toBe("Search notes");
  expect(await app.searchBox.evaluate((field: HTMLInputElement) => field.selectionStart)).toBe(5);

  await page.keyboard.press("ArrowDown");
  await expect.poll(() => app.focused()).toMatch(/heron/);
  if (!/Second/.test(await app.focused())) await page.keyboard.press("ArrowDown");
  await expect.poll(() => app.focused()).toMatch(/Second heron/);
  await page.keyboard.press("Enter");
  await seen(app.matches);
  await expect.poll(() => app.matches.textContent()).toBe("1 of 3");
  await page.keyboard.press("F3");
  await expect.poll(() => app.matches.textContent()).toBe("2 of 3");
  await page.keyboard.press("Shift+F3");
  await page.keyboard.press("Shift+F3");
  await expect.poll(() => app.matches.textContent()).toBe("3 of 3");

  await app.editor.click();
  await page.keyboard.press("Escape");
  await gone(app.matches);
  expect(await app.note.locator("mark").count()).toBe(0);
  await page.keyboard.press("Escape");
  await expect.poll(() => app.focused()).toMatch(/Second heron/);
  await page.keyboard.press("Escape");
  await page.waitForURL((url) => !url.pathname.includes("/notes/"));
});

for (const [device, options] of Object.entries({ desk: {}, phone })) {
  test(`a hit opens where it stands, and leads to the next one, written and read (${device})`, async ({
    devices,
    account,
  }) => {
    await account.note({ body: far("bittern") });
    const { app } = await devices.signedIn(account, options);
    await app.search("bittern ");
    await app.entry("Log").click();
    await seen(app.matches);
    await expect.poll(() => app.matches.textContent()).toBe("1 of 2");
    const current = app.note.locator(".md-hit-current");
    await expect.poll(() => app.inView(current)).toBe(true);
    await app.button("Next match").click();
    await expect.poll(() => app.matches.textContent()).toBe("2 of 2");
    await expect.poll(() => app.inView(current)).toBe(true);

    await app.button(app.say("command.note.preview")).first().click();
    const read = app.note.locator("mark.hit-current");
    await seen(read);
    await expect.poll(() => app.matches.textContent()).toBe("2 of 2");
    await app.button("Next match").click();
    await expect.poll(() => app.matches.textContent()).toBe("1 of 2");
    await expect.poll(() => app.inView(read)).toBe(true);
    await app.button("Take the marks away").click();
    await gone(app.matches);
    await expect.poll(() => app.note.locator("mark").count()).toBe(0);
  });

  test(`tags, notebooks and dates are offered while one types (${device})`, async ({ devices, account }) => {
    await account.notebook("My garden");
    await account.note({ body: "# Beans", tags: ["garden/beds"] });
    const { page, app } = await devices.signedIn(account, options);
    await seen(app.entry("Beans"));
    await app.searchBox.click();
    await page.keyboard.type("beans tag:");
    await seen(app.page.getByRole("option", { name: /garden\/beds/ }));
    await page.keyboard.press("Tab");
    expect(await app.searchBox.inputValue()).toBe("beans tag:garden/beds ");
    await page.keyboard.type("in:gar");
    await app.page.getByRole("option", { name: /My garden/ }).click();
    expect(await app.searchBox.inputValue()).toBe('beans tag:garden/beds in:"My garden" ');
    await page.keyboard.type("created:yes");
    await page.keyboard.press("ArrowDown");
    await expect
      .poll(() =>
        app.searchBox.getAttribute("aria-activedescendant").then((id) => id && page.locator(`#${id}`).textContent()),
      )
      .toContain("Yesterday");
    await page.keyboard.press("Escape");
    await gone(page.getByRole("listbox", { name: "Suggestions" }));
    const chips = page.getByRole("list", { name: "Filters" });
    await seen(chips.getByRole("link", { name: "Remove the filter tag:garden/beds" }));
    await chips.getByRole("link", { name: 'Remove the filter in:"My garden"' }).click();
    await expect.poll(() => app.searchBox.inputValue()).toBe("beans tag:garden/beds created:yes");
  });
}

test("what stands below does not jump while one types on", async ({ devices, account }) => {
  for (const word of ["plan", "plans", "planning"]) await account.note({ body: `# ${word}`, tags: [word] });
  const { page, app } = await devices.signedIn(account);
  await app.search("pla");
  await seen(app.count.filter({ hasText: "3 results" }));
  const top = () =>
    page.getByRole("list", { name: "Notes" }).evaluate((list) => Math.round(list.getBoundingClientRect().top));
  const before = await top();
  const tops = new Set<number>();
  for (const letter of "nni") {
    await page.keyboard.type(letter);
    tops.add(await top());
  }
  await seen(app.count.filter({ hasText: "1 result" }));
  tops.add(await top());
  expect([...tops]).toEqual([before]);
});
