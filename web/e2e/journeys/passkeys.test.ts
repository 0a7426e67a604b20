/** Passkeys: made, used instead of a password and after one, copied, and taken off. On a desk and on a phone. */
import type { Account } from "../support/account";
import { Authenticator } from "../support/authenticator";
import { type Device, desktop, expect, journeys, phone } from "../support/journey";
import { gone, seen } from "../support/wait";

const test = journeys({ named: true });

async function make({ page, app }: Device, key: Authenticator, name: string): Promise<void> {
  await app.open("/settings/security");
  await app.button("Add a passkey").click();
  await page.getByLabel("Name", { exact: true }).fill(name);
  await key.touch();
  await app.button("Go on").click();
  await seen(page.getByRole("list", { name: "Recovery codes" }));
  await key.touch(false);
  await page.getByLabel("I have kept them").check();
  await app.button("Done").click();
  await gone(app.dialog);
  await seen(page.getByRole("list", { name: "Passkeys" }).getByText(name));
}

/** Ends on the page where one signs in. */
async function signOut({ page, app }: Device): Promise<void> {
  await app.signOut();
  await seen(page.getByRole("heading", { name: "Sign in" }));
}

async function byPasskey({ page, app }: Device, key: Authenticator): Promise<void> {
  const button = app.button("Use a passkey");
  await seen(button);
  await key.touch();
  await button.click();
  await seen(app.searchBox.or(page.getByRole("alert").filter({ hasText: /./ })));
  await key.touch(false);
}

async function password({ page }: Device, account: Account): Promise<void> {
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await seen(page.getByRole("heading", { name: "Second step" }));
}

for (const [name, options] of Object.entries({ desktop, phone })) {
  test(`signs in without a password, and no more once it is removed (${name})`, async ({ devices, account }) => {
    const device = await devices.signedIn(account, options);
    device.watch.allow(/^401 /);
    const { page, app } = device;
    const key = await Authenticator.plugIn(page);
    await make(device, key, "Laptop");
    expect(await key.passkeys()).toHaveLength(1);
    await app.button("Rename Laptop").click();
    await page.getByLabel("Name", { exact: true }).fill("Old laptop");
    await app.dialog.getByRole("button", { name: "Rename" }).click();
    await seen(page.getByText("Old laptop"));
    await signOut(device);

    await byPasskey(device, key);
    await seen(app.searchBox);
    await app.open("/settings/security");
    await seen(page.getByText(/Last used on/));
    await app.button("Remove Old laptop").click();
    await app.dialog.getByRole("button", { name: "Remove" }).click();
    await seen(page.getByText("You have no passkey yet."));
    await signOut(device);

    await byPasskey(device, key);
    await seen(page.getByText("The passkey was not accepted. Try again, or use your password."));
  });

  test(`is the second step after the password, and a recovery code stands in (${name})`, async ({
    devices,
    account,
  }) => {
    const device = await devices.signedIn(account, options);
    device.watch.allow(/^401 /);
    const { page, app } = device;
    const key = await Authenticator.plugIn(page);
    await make(device, key, "Laptop");
    await signOut(device);
    await password(device, account);
    await key.touch();
    await app.button("Use a passkey").click();
    await seen(app.searchBox);
    await key.touch(false);
    await signOut(device);

    // Somewhere else there is no passkey, but there are codes.
    const other = await devices.open(options);
    other.watch.allow(/^401 /);
    await other.app.open("/login");
    await password(other, account);
    await other.app.button("Use a recovery code").click();
    await seen(other.page.getByLabel("Recovery code"));
  });

  test(`is refused when its counter has gone back, as that of a copy would (${name})`, async ({ devices, account }) => {
    const device = await devices.signedIn(account, options);
    device.watch.allow(/^401 /);
    const key = await Authenticator.plugIn(device.page);
    await make(device, key, "Laptop");
    for (let times = 0; times < 2; times++) {
      await signOut(device);
      await byPasskey(device, key);
      await seen(device.app.searchBox);
    }
    await signOut(device);
    await key.turnBack();
    await byPasskey(device, key);
    await seen(device.page.getByText("The passkey was not accepted. Try again, or use your password."));
  });
}
