/** The query language as somebody meets it: colours, what was not understood, corrections, order. */
import { brokenRules } from "../support/accessibility";
import { App } from "../support/app";
import { expect, journeys, phone } from "../support/journey";
import { seen } from "../support/wait";

const test = journeys();

test("filters find, are painted, and can be taken away", async ({ devices, account }) => {
  await account.note({ body: "# Beans\n\n- [ ] sow", tags: ["garden/beds"] });
  await account.note({ body: "# Beans on toast", tags: ["kitchen"] });
  const { page, app } = await devices.signedIn(account);
  await app.search("beans tag:garden -has:link ");
  await seen(app.count.filter({ hasText: "1 result" }));
  await seen(app.entry("Beans"));
  const painted = page.locator(".q-filter");
  expect(await painted.allTextContents()).toEqual(["tag:garden", "-has:link"]);
  await page.getByRole("link", { name: "Remove the filter -has:link" }).click();
  await page.getByRole("link", { name: "Remove the filter tag:garden" }).click();
  await seen(app.count.filter({ hasText: "2 results" }));
  expect(await app.searchBox.inputValue()).toBe("beans");
});

for (const [device, options] of Object.entries({ desk: {}, phone })) {
  test(`half a query is searched all the same, and says so (${device})`, async ({ devices, account }) => {
    await account.note({ body: "# Pin the plan\n\nis pin" });
    const { page, app } = await devices.signedIn(account, options);
    await app.search("is:pin plan");
    const said = page.locator("#search-problems");
    await seen(said.getByText(/is:/));
    await seen(page.locator(".q-wrong", { hasText: "is:pin" }));
    await seen(app.entry("Pin the plan"));
    expect(await brokenRules(page)).toEqual([]);
  });

  test(`an empty result leads on (${device})`, async ({ devices, account }) => {
    await account.note({ body: "# Zeppelin over the lake" });
    const { page, app } = await devices.signedIn(account, options);
    await app.search('"zepelinn over the lake"');
    await page.getByRole("link", { name: /Did you mean/ }).click();
    await seen(app.entry("Zeppelin over the lake"));
    await app.search("zeppelin tag:none");
    await seen(page.getByRole("link", { name: "Search in the trash" }));
    expect(await brokenRules(page)).toEqual([]);
    await page.getByRole("link", { name: "Search without “tag:none”" }).click();
    await seen(app.entry("Zeppelin over the lake"));
  });
}

test("words, tags and titles of one's own notes are suggested", async ({ devices, account }) => {
  await account.note({ body: "# Astronomy club\n\nThe telescope needs collimation.", tags: ["telescopes"] });
  const { page, app } = await devices.signedIn(account);
  await app.searchBox.click();
  await page.keyboard.type("collim");
  await seen(page.getByRole("option", { name: /collimation/ }));
  await page.getByRole("option", { name: /^collimation/ }).click();
  await expect.poll(() => app.searchBox.inputValue()).toBe("collimation ");
  await seen(app.entry("Astronomy club"));
  await page.keyboard.type("telesc");
  await seen(page.getByRole("option", { name: /telescopes/ }));
  expect(await brokenRules(page)).toEqual([]);
});

test("order and exactness are chosen in the menu, and stay in the address", async ({ devices, account }) => {
  await account.note({ body: "# Plans\n\nplan plan plan" });
  await account.note({ body: "# A late planning\n\nOnce." });
  const { page, app } = await devices.signedIn(account);
  await app.search("plan ");
  await seen(app.count.filter({ hasText: "2 results" }));
  await app.button("Search options").click();
  await page.getByRole("menuitemradio", { name: "Newest first" }).click();
  await page.waitForURL(/order=created/);
  await expect.poll(() => page.locator("a[data-note]").first().textContent()).toContain("A late planning");
  await app.button("Search options").click();
  await page.getByRole("menuitemcheckbox", { name: "Only words exactly as written" }).click();
  await page.waitForURL(/exact=true/);
  await seen(app.count.filter({ hasText: "1 result" }));
  await page.reload();
  await seen(app.count.filter({ hasText: "1 result" }));
  await page.getByRole("link", { name: "Remove the filter Exact words" }).click();
  await seen(app.count.filter({ hasText: "2 results" }));
});

test("what narrows the hits is written into the query, and the last word stays a beginning", async ({
  devices,
  account,
}) => {
  const notebook = await account.notebook("My garden");
  await account.note({ body: "# Beanstalk", tags: ["crop"], notebook_id: notebook.id });
  await account.note({ body: "# Beanbag" });
  const { page, app } = await devices.signedIn(account);
  await app.search("bean");
  await seen(app.count.filter({ hasText: "2 results" }));
  await app.searchBox.blur();
  await page.getByRole("link", { name: /^Only My garden/ }).click();
  await seen(app.count.filter({ hasText: "1 result" }));
  expect(await app.searchBox.inputValue()).toBe('in:"My garden" bean');
  await seen(page.locator(".q-filter", { hasText: 'in:"My garden"' }));
  await seen(app.entry("Beanstalk"));
  await page.getByRole("link", { name: 'Remove the filter in:"My garden"' }).click();
  await seen(app.count.filter({ hasText: "2 results" }));
  // A space says that the word is whole.
  await app.search("bean ");
  await seen(app.count.filter({ hasText: "No results" }));
});

test("names with a space are offered behind `in:`, and quoted", async ({ devices, account }) => {
  await account.notebook("My garden");
  const { page, app } = await devices.signedIn(account);
  await app.searchBox.click();
  await page.keyboard.type("in:my ga");
  await seen(page.getByRole("option", { name: /My garden/ }));
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect.poll(() => app.searchBox.inputValue()).toBe('in:"My garden" ');
});

for (const [device, options] of Object.entries({ desk: {}, phone })) {
  test(`what was not understood is said in German, too (${device})`, async ({ server, devices, account }) => {
    await account.note({ body: "# Plan" });
    const { page } = await devices.open({ ...options, locale: "de-DE" });
    const app = new App(page, server, "de");
    await app.signIn(account);
    await app.search("tags:x is:pin plan ");
    const said = page.locator("#search-problems");
    await seen(said.getByText(/Einen Filter .* gibt es nicht/));
    expect(await said.locator("code").allTextContents()).toEqual(
      expect.arrayContaining(["tags:", "tag:", "is:pin", "is:", "pinned", "archived"]),
    );
    expect(await said.textContent()).not.toContain("`");
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
    expect(wide).toBe(false);
    expect(await brokenRules(page)).toEqual([]);
  });
}
