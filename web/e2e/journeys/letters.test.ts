/** What a server that sends letters does for its people: a forgotten password, and invitations. */
import { desktop, expect, journeys, phone } from "../support/journey";
import { gone, seen } from "../support/wait";

const test = journeys({ mail: true, env: { INKSTONE_SIGNUP: "invite" } });

for (const [name, options] of Object.entries({ desktop, phone })) {
  test(`a forgotten password is replaced by a link that is good once (${name})`, async ({
    account,
    server,
    devices,
  }) => {
    const before = await devices.signedIn(account, options);
    const { page, app, watch } = await devices.open(options);
    await app.open("/login");
    await page.getByRole("link", { name: app.say("auth.login.toReset") }).click();
    await page.getByLabel("E-mail").fill(account.email);
    await app.button(app.say("reset.submit")).click();
    await seen(page.getByRole("heading", { name: app.say("reset.asked.title") }));

    const link = await server.letters.linkTo(account.email);
    await app.open(link);
    await page.getByLabel("New password").fill("another long one");
    expect(page.url(), "the token has left the address").not.toContain("token=");
    await app.button(app.say("reset.choose.submit")).click();
    await seen(page.getByRole("heading", { name: app.say("reset.done.title") }));

    await page.getByRole("link", { name: app.say("auth.toLogin") }).click();
    await page.getByLabel("E-mail").fill(account.email);
    await page.getByLabel("Password", { exact: true }).fill("another long one");
    await app.button("Sign in").click();
    await seen(app.searchBox);

    // Whoever was signed in with the old one is not any more.
    before.watch.allow(/^401 /);
    await before.page.reload();
    await seen(before.page.getByRole("dialog").or(before.page.getByRole("heading", { name: "Sign in" })));

    const late = await devices.open(options);
    late.watch.allow(/^403 POST .*\/auth\/reset\/confirm$/);
    await late.app.open(link);
    await late.page.getByLabel("New password").fill("a third long one");
    await late.app.button(app.say("reset.choose.submit")).click();
    await seen(late.page.getByRole("heading", { name: app.say("auth.invite.invalid.title") }));
    await late.page.getByRole("link", { name: app.say("reset.again") }).click();
    await seen(late.page.getByLabel("E-mail"));
    expect(watch.unexpected).toEqual([]);
  });

  test(`an invitation comes by mail (${name})`, async ({ server, devices }) => {
    const admin = await devices.signedIn(await server.account({ admin: true }), options);
    const address = `guest-${name}@example.org`;
    await admin.app.open("/settings/invites");
    await admin.app.button("Invite somebody").click();
    await admin.page.getByLabel("E-mail (optional)").fill(address);
    await admin.page.getByLabel("Send the link by e-mail").check();
    await admin.app.button("Send invitation").click();
    await gone(admin.app.dialog);
    await seen(admin.page.getByRole("list", { name: "Open invitations" }).getByText(address));

    const guest = await devices.open(options);
    await guest.app.open(await server.letters.linkTo(address));
    await seen(guest.page.getByRole("heading", { name: "You are invited" }));
    await guest.page.getByLabel("Password", { exact: true }).fill("long enough by far");
    await guest.app.button("Create account").click();
    await seen(guest.app.searchBox);
  });
}

test("an address that leads nowhere says so, signed in or not", async ({ account, devices }) => {
  const visitor = await devices.open();
  await visitor.app.open("/nowhere");
  await seen(visitor.page.getByRole("heading", { name: visitor.app.say("app.notFound.title") }));
  const { page, app } = await devices.signedIn(account);
  await app.open("/nowhere");
  await seen(page.getByRole("heading", { name: app.say("app.notFound.title") }));
  await app.open("/register");
  await seen(app.searchBox);
});
