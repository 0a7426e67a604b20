/** Looking after the accounts of a server: inviting, changing, and reading what was done. On a desk and on a phone. */
import { desktop, expect, journeys, phone } from "../support/journey";
import { gone, seen } from "../support/wait";

const test = journeys({ env: { INKSTONE_SIGNUP: "invite" } });

for (const [name, options] of Object.entries({ desktop, phone })) {
  test(`somebody is invited, comes in, and the link is good once (${name})`, async ({ server, devices }) => {
    const admin = await devices.signedIn(await server.account({ admin: true }), options);
    await admin.app.open("/settings/invites");
    await admin.app.button("Invite somebody").click();
    await admin.page.getByLabel("E-mail (optional)").fill(`guest-${name}@example.org`);
    await admin.app.button("Make link").click();
    await seen(admin.page.getByRole("dialog", { name: "Here is the link" }));
    const link = (await admin.app.dialog.locator("code").textContent()) ?? "";
    const path = new URL(link).pathname + new URL(link).search;
    await admin.app.button("Done").click();
    await seen(admin.page.getByText(`guest-${name}@example.org`));

    const guest = await devices.open(options);
    await guest.app.open(path);
    await expect.poll(() => guest.page.url(), { message: "the token is taken out" }).not.toContain("token=");
    await seen(guest.page.getByRole("heading", { name: "You are invited" }));
    expect(await guest.page.getByLabel("E-mail").inputValue()).toBe(`guest-${name}@example.org`);
    await guest.page.getByLabel("Password", { exact: true }).fill("long enough by far");
    await guest.app.button("Create account").click();
    await seen(guest.app.searchBox);

    const late = await devices.open(options);
    late.watch.allow(/^403 POST .*\/auth\/invite$/);
    await late.app.open(path);
    await seen(late.page.getByRole("heading", { name: "This link does not work any more" }));
  });

  test(`an account is disabled, enabled, deleted and kept (${name})`, async ({ server, devices }) => {
    const other = await server.account({ name: `Bob ${name}` });
    const { page, app } = await devices.signedIn(await server.account({ admin: true }), options);
    await app.open("/settings/users");
    const entry = page.getByRole("list", { name: "Accounts" }).getByRole("listitem").filter({ hasText: other.email });
    const act = async (what: string) => {
      await app.button(`Actions for ${other.email}`).click();
      await page.getByRole("menuitem", { name: what }).click();
    };
    await act("Disable…");
    await app.dialog.getByRole("button", { name: "Disable" }).click();
    await seen(entry.getByText("Disabled"));
    await act("Enable again");
    await gone(entry.getByText("Disabled"));
    await act("Change the role…");
    await page.getByLabel("Read-only").check();
    await app.dialog.getByRole("button", { name: "Change role" }).click();
    await seen(entry.getByText(/^Read-only,/));
    await act("Delete…");
    await app.dialog.getByRole("button", { name: "Delete account" }).click();
    await seen(entry.getByText(/^Deleted on/));
    await act("Do not delete");
    await gone(entry.getByText(/^Deleted on/));
  });

  test(`the audit log is read and filtered (${name})`, async ({ server, devices }) => {
    const account = await server.account({ admin: true });
    const { page, app } = await devices.signedIn(account, options);
    await app.open("/settings/audit");
    const table = page.getByRole("table", { name: "Audit log" });
    await seen(table.getByRole("cell", { name: "Signed in", exact: true }));
    await page.getByLabel("Action").selectOption({ label: "The account was made" });
    await gone(table.getByRole("cell", { name: "Signed in", exact: true }));
    await seen(table.getByRole("cell", { name: /The account was made/ }));
    const file = page.waitForEvent("download");
    await page.getByRole("link", { name: "Download as CSV" }).click();
    expect((await file).suggestedFilename()).toMatch(/\.csv$/);
    await page.getByLabel("Outcome").selectOption({ label: "Refused" });
    await seen(page.getByText("Nothing matches."));
    await app.button("Drop filters").click();
    await seen(table.getByRole("cell", { name: "Signed in", exact: true }));
  });
}

test("the own account is marked in the list", async ({ devices, server }) => {
  const account = await server.account({ admin: true });
  const { page, app } = await devices.signedIn(account);
  await app.open("/settings/users");
  const you = page.getByRole("listitem").filter({ hasText: account.email });
  await seen(you.getByText("You", { exact: true }));
  await seen(you.getByText(/^Administrator,/));
});

test("others than administrators see nothing of it", async ({ devices, account }) => {
  const { page, app } = await devices.signedIn(account);
  await app.open("/settings/users");
  await seen(page.getByRole("heading", { name: app.say("app.notFound.title") }));
  expect(await page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Users" }).count()).toBe(0);
});
