/** Keys for the person's own programs, on a desk and on a phone. */
import { desktop, expect, journeys, phone } from "../support/journey";
import { wantCredential } from "../support/refuse";
import { gone, seen } from "../support/wait";

const test = journeys();

for (const [name, options] of Object.entries({ desktop, phone })) {
  test(`a key is made, works, and is revoked (${name})`, async ({ server, devices, account }) => {
    await account.note({ body: "# For the script" });
    const { page, app } = await devices.signedIn(account, options);
    await app.open("/settings/api-keys");
    await seen(page.getByText("No keys yet"));
    await app.button("New key").click();
    await page.getByLabel("What it is for").fill("Backup script");
    await app.dialog.getByRole("button", { name: "Make key" }).click();
    await seen(page.getByRole("dialog", { name: "Here is your key" }));
    const key = await app.dialog.locator("code").textContent();
    const ask = () =>
      fetch(server.url("/api/v1/notes"), { headers: { Authorization: `Bearer ${key}` } }).then(({ status }) => status);
    expect(await ask()).toBe(200);
    await app.button("I have kept it").click();
    await gone(app.dialog);

    const entry = page.getByRole("list", { name: "API keys" }).getByRole("listitem");
    await seen(entry.getByText("Backup script"));
    await seen(entry.getByText("Read, Search"));
    await app.button("Revoke Backup script").click();
    await app.dialog.getByRole("button", { name: "Revoke" }).click();
    await seen(page.getByText("No keys yet"));
    expect(await ask()).toBe(401);
  });
}

test("a key can be confined to a notebook and a tag", async ({ devices, account }) => {
  await account.notebook("Work");
  const { page, app } = await devices.signedIn(account);
  await app.open("/settings/api-keys");
  await app.button("New key").click();
  await page.getByLabel("What it is for").fill("Shared list");
  await page.getByText("Confine it further").click();
  await page.getByLabel("Only notes with one of these tags").fill("#shopping");
  await page.getByLabel("Work", { exact: true }).check();
  await page.getByLabel("Requests a minute at most").fill("30");
  await app.button("Make key").click();
  await app.button("I have kept it").click();
  await seen(page.getByText("Only notes with the tags: #shopping"));
  await seen(page.getByText("Only notes in: Work"));
  await seen(page.getByText("30 requests a minute"));
});

test("the password is asked for again where the server wants it, and the request goes on by itself", async ({
  devices,
  account,
}) => {
  const { page, app, watch } = await devices.signedIn(account);
  watch.allow(/^403 POST .*\/me\/api-keys$/, /^401 POST .*\/auth\/step-up$/);
  await app.open("/settings/api-keys");
  await wantCredential(page, "POST", "/me/api-keys");
  await app.button("New key").click();
  await page.getByLabel("What it is for").fill("After the question");
  await app.button("Make key").click();
  const question = page.getByRole("dialog", { name: "Is it you?" });
  await question.getByLabel("Password", { exact: true }).fill("not that one");
  await question.getByRole("button", { name: "Go on" }).click();
  await seen(question.getByText("This is not your password."));
  await question.getByLabel("Password", { exact: true }).fill(account.password);
  await question.getByRole("button", { name: "Go on" }).click();
  await seen(page.getByRole("dialog", { name: "Here is your key" }));
});

test("whoever does not want to show it again hears that nothing was changed", async ({ devices, account }) => {
  const { page, app, watch } = await devices.signedIn(account);
  watch.allow(/^403 POST .*\/exports$/);
  await app.open("/settings/data");
  await wantCredential(page, "POST", "/exports");
  await app.button("Export notes").click();
  await page.getByRole("dialog", { name: "Is it you?" }).getByRole("button", { name: "Cancel" }).click();
  await seen(page.getByText("This needs you to show once more that it is you. Nothing was changed."));
});
