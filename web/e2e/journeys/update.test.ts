/** The server was upgraded while the app was open. */
import { expect, journeys } from "../support/journey";
import { upgradable } from "../support/new-build";
import { seen } from "../support/wait";

const test = journeys();

test("a newer build is offered, taken when the person says so, and loses nothing", async ({
  server,
  devices,
  account,
}) => {
  const upgrade = await upgradable(server);
  const { page, app } = await devices.open();
  await page.goto(`${upgrade.origin}/login`);
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await app.button("Sign in").click();
  await seen(app.searchBox);
  await app.installed();
  const id = await app.write("# Before the upgrade");

  upgrade.release();
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  await seen(page.getByText("A new version is ready"));
  const offer = app.button("Reload");
  await seen(offer);
  const loaded = page.waitForEvent("load");
  await offer.click();
  await loaded;
  await expect.poll(() => app.editor.textContent()).toContain("Before the upgrade");
  await expect.poll(() => account.body(id)).toBe("# Before the upgrade");
  await upgrade.close();
});
