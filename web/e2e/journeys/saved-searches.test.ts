/** Saved searches: kept under a name, opened again, on every device. */
import { brokenRules } from "../support/accessibility";
import { desktop, expect, journeys, phone } from "../support/journey";
import { gone, listening, seen } from "../support/wait";

const test = journeys();

test("a search is saved with its filters, opened again, renamed, moved and deleted", async ({ devices, account }) => {
  await account.note({ body: "# Green tea", tags: ["drinks"] });
  await account.note({ body: "# Tea towels" });
  await account.savedSearch({ name: "Earlier", query: "towels" });
  const { page, app, watch } = await devices.signedIn(account, desktop);
  // A name that is taken.
  watch.allow(/^409 PATCH/);
  await app.open("/?q=tea&tag=drinks");
  await seen(app.entry("Green tea"));
  await app.button("Save this search").first().click();
  const name = app.dialog.getByLabel("Name");
  await expect.poll(() => name.inputValue()).toBe("tea");
  await name.fill("Drinks");
  await name.press("Enter");
  await seen(app.place("Drinks"));
  await gone(app.button("Save this search").first());

  await app.place("All notes").click();
  await seen(app.entry("Tea towels"));
  await app.place("Drinks").click();
  await page.waitForURL((url) => url.searchParams.get("q") === "tea" && url.searchParams.get("tag") === "drinks");
  await seen(app.entry("Green tea"));
  await expect.poll(() => app.entry("Tea towels").count()).toBe(0);
  expect(await app.place("Drinks").getAttribute("aria-current")).toBe("page");
  expect(await brokenRules(page)).toEqual([]);

  await app.branchMenu("Actions for the saved search “Drinks”", "Move up");
  await expect.poll(async () => (await account.savedSearches()).map((one) => one.name)).toEqual(["Drinks", "Earlier"]);
  await app.branchMenu("Actions for the saved search “Drinks”", "Rename…");
  await name.fill("earlier");
  await name.press("Enter");
  await seen(app.dialog.getByRole("alert"));
  await name.fill("Brews");
  await name.press("Enter");
  await seen(app.place("Brews"));

  // By keys alone: the palette finds it by its name.
  await app.place("All notes").click();
  await page.keyboard.press("Control+k");
  await seen(app.palette.getByRole("combobox"));
  await page.keyboard.type("brews");
  // What was found before stays above it until the search has answered.
  await seen(app.palette.getByRole("option", { name: /^Brews/, selected: true }));
  await page.keyboard.press("Enter");
  await page.waitForURL((url) => url.searchParams.get("tag") === "drinks");

  await app.branchMenu("Actions for the saved search “Brews”", "Delete…");
  await app.dialog.getByRole("button", { name: "Delete the search" }).click();
  await gone(app.place("Brews"));
  await expect.poll(async () => (await account.savedSearches()).map((one) => one.name)).toEqual(["Earlier"]);
  await seen(app.entry("Green tea"));
});

test("what one device saves stands on the other, and is read without a network", async ({ devices, account }) => {
  await account.note({ body: "# Green tea" });
  const there = await devices.open(desktop);
  const ready = listening(there.page);
  await there.app.signIn(account);
  await seen(there.app.entry("Green tea"));
  await ready;
  await account.savedSearch({ name: "Drinks", query: "tea" });
  await there.app.place("Drinks").waitFor({ timeout: 20_000 });
  // Whatever a search shows is on the device then.
  await there.app.installed();
  there.watch.allow(/ERR_INTERNET_DISCONNECTED/);
  await there.context.setOffline(true);
  await there.app.place("Drinks").click();
  await there.page.waitForURL((url) => url.searchParams.get("q") === "tea");
  await seen(there.app.entry("Green tea"));
  await there.context.setOffline(false);
});

test("on a phone they stand in the sheet", async ({ devices, account }) => {
  await account.note({ body: "# Green tea" });
  const { page, app } = await devices.signedIn(account, phone);
  await app.open("/?q=tea");
  await app.button("Save this search").tap();
  await app.dialog.getByRole("button", { name: "Save" }).tap();
  await gone(app.dialog);
  await app.open("/");
  await app.button("Places, notebooks and tags").first().tap();
  await seen(app.dialog.getByRole("link", { name: "tea" }));
  expect(await brokenRules(page)).toEqual([]);
  await app.dialog.getByRole("link", { name: "tea" }).tap();
  await page.waitForURL((url) => url.searchParams.get("q") === "tea");
  await seen(app.entry("Green tea"));
});
