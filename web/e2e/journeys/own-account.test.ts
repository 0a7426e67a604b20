/** What somebody does with the own account: another address, looking at what was done, leaving and staying. */
import { desktop, journeys, phone } from "../support/journey";
import { gone, seen } from "../support/wait";

const test = journeys();

for (const [name, options] of Object.entries({ desktop, phone })) {
  test(`the address is changed, and signs in from then on (${name})`, async ({ devices, account }) => {
    const { page, app } = await devices.signedIn(account, options);
    await app.open("/settings/profile");
    await app.button("Change address…").click();
    await app.dialog.getByLabel("E-mail").fill(`other-${account.email}`);
    await app.dialog.getByRole("button", { name: "Change address" }).click();
    await gone(app.dialog);
    await seen(page.getByText("The address is changed."));
    const other = await devices.open(options);
    await other.app.open("/login");
    await other.page.getByLabel("E-mail").fill(`other-${account.email}`);
    await other.page.getByLabel("Password", { exact: true }).fill(account.password);
    await other.app.button("Sign in").click();
    await seen(other.app.searchBox);
  });

  test(`the account is to be deleted, every page says so, and it is kept (${name})`, async ({ devices, account }) => {
    const { page, app } = await devices.signedIn(account, options);
    await app.open("/settings/profile");
    await app.button("Delete account…").click();
    await app.dialog.getByRole("button", { name: "Delete account" }).click();
    await seen(page.getByText(/^Your account will be deleted on/));
    await app.open("/");
    await seen(page.getByText(/^Your account will be deleted on/));
    await app.button("Keep my account").click();
    await seen(page.getByText("Your account stays."));
    await gone(page.getByText(/^Your account will be deleted on/));
  });

  test(`what was done is told, refusals marked (${name})`, async ({ devices, account }) => {
    const visitor = await devices.open(options);
    visitor.watch.allow(/^401 POST .*\/auth\/login$/);
    await visitor.app.open("/login");
    await visitor.page.getByLabel("E-mail").fill(account.email);
    await visitor.page.getByLabel("Password", { exact: true }).fill("not that one");
    await visitor.app.button("Sign in").click();
    await seen(visitor.page.getByRole("alert"));
    const { page, app } = await devices.signedIn(account, options);
    await app.open("/settings/activity");
    const list = page.getByRole("list", { name: "Activity" });
    await seen(list.getByText("Signed in"));
    await seen(list.getByText(/Chrome on/).first());
  });
}
