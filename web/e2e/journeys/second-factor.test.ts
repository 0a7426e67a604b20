/** A second factor: setting it up, signing in with it, with a recovery code, and turning it off. On a desk and on a phone. */
import type { Account } from "../support/account";
import { type Device, desktop, expect, journeys, phone } from "../support/journey";
import { totp } from "../support/totp";
import { gone, seen } from "../support/wait";

const test = journeys();

/** Sets it up with the code of now, which stays good while the next one comes; that one is left. */
async function setUp({ page, app }: Device): Promise<{ secret: string; used: string; codes: string[] }> {
  await app.open("/settings/security");
  await app.button("Set it up").click();
  await seen(page.getByRole("img", { name: "QR code for your authenticator app" }));
  const secret = (await app.dialog.locator("code").textContent()) ?? "";
  const used = totp(secret);
  await page.getByLabel("Code from the app").fill(used);
  await app.button("Turn it on").click();
  const list = page.getByRole("list", { name: "Recovery codes" });
  await seen(list);
  const codes = await list.getByRole("listitem").allTextContents();
  return { secret, used, codes };
}

async function keepCodes({ page, app }: Device): Promise<void> {
  // A slip of the hand does not lose them.
  await page.keyboard.press("Escape");
  expect(await app.button("Done").isDisabled()).toBe(true);
  await page.getByLabel("I have kept them").check();
  await app.button("Done").click();
  await gone(app.dialog);
}

async function password({ page, app }: Device, account: Account): Promise<void> {
  await app.open("/login");
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await app.button("Sign in").click();
  await seen(page.getByRole("heading", { name: "Second step" }));
}

for (const [name, options] of Object.entries({ desktop, phone })) {
  test(`asks for a code once it is set up, and no more once it is turned off (${name})`, async ({
    devices,
    account,
  }) => {
    const first = await devices.signedIn(account, options);
    // What changes ends this session, too.
    first.watch.allow(/^401 /);
    const { secret, used, codes } = await setUp(first);
    expect(codes).toHaveLength(10);
    const saved = first.page.waitForEvent("download");
    await first.app.button("Download").click();
    expect((await saved).suggestedFilename()).toBe("inkstone-recovery-codes.txt");
    await keepCodes(first);
    await seen(first.page.getByText(/^On since/));
    await seen(first.page.getByText("10 recovery codes are left."));

    const second = await devices.open(options);
    second.watch.allow(/^401 POST .*\/auth\/(login|second-factor)$/);
    await password(second, account);
    await second.page.getByLabel("Code").fill("12");
    await second.app.button("Sign in").click();
    await seen(second.page.getByText("Enter the six digits."));
    await second.page.getByLabel("Code").fill(used);
    await second.app.button("Sign in").click();
    await seen(second.page.getByText(/This code is not right, or was used already/));
    await second.page.getByLabel("Code").fill(totp(secret, 1));
    await second.page.keyboard.press("Enter");
    await seen(second.app.searchBox);

    await second.app.open("/settings/security");
    await second.app.button("Turn it off").click();
    await second.app.dialog.getByRole("button", { name: "Turn it off" }).click();
    await seen(second.app.button("Set it up"));
    const third = await devices.open(options);
    await third.app.signIn(account);
  });

  test(`a recovery code stands in once, and new ones can be made (${name})`, async ({ devices, account }) => {
    const first = await devices.signedIn(account, options);
    first.watch.allow(/^401 /);
    const { codes } = await setUp(first);
    await keepCodes(first);

    const second = await devices.open(options);
    second.watch.allow(/^401 POST .*\/auth\/(login|second-factor)$/);
    await password(second, account);
    await second.app.button("Use a recovery code instead").click();
    await second.page.getByLabel("Recovery code").fill("no such code");
    await second.app.button("Sign in").click();
    await seen(second.page.getByText(/none of your recovery codes/));
    await second.page.getByLabel("Recovery code").fill(codes[0] ?? "");
    await second.app.button("Sign in").click();
    await seen(second.app.searchBox);
    await second.app.open("/settings/security");
    await seen(second.page.getByText("9 recovery codes are left."));
    await second.app.button("Make new recovery codes").click();
    await second.app.dialog.getByRole("button", { name: "Make new recovery codes" }).click();
    await seen(second.page.getByRole("list", { name: "Recovery codes" }));
    await keepCodes(second);
    await seen(second.page.getByText("10 recovery codes are left."));
  });
}

test("the way back leads to the password", async ({ devices, account }) => {
  const first = await devices.signedIn(account);
  await setUp(first);
  const second = await devices.open();
  second.watch.allow(/^401 POST .*\/auth\/login$/);
  await password(second, account);
  await second.app.button("Back").click();
  await seen(second.page.getByLabel("Password", { exact: true }));
});
