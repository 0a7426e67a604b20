/**
 * Single sign-on with a certified provider: setting it up, linking, signing in and up by it, showing again that it is oneself, and
 * what is refused. On a desk and on a phone.
 */
import { brokenRules } from "../support/accessibility";
import type { Account } from "../support/account";
import { CLIENT, IdentityProvider } from "../support/identity-provider";
import { type Device, desktop, expect, journeys, phone } from "../support/journey";
import { wantCredential } from "../support/refuse";
import type { Server } from "../support/server";
import { totp } from "../support/totp";
import { gone, seen } from "../support/wait";

/** Home knows people who have an account; whoever comes from Guests gets one. */
interface Providers {
  home: IdentityProvider;
  guests: IdentityProvider;
}

const test = journeys({ named: true, env: { INKSTONE_OUTBOUND_ALLOW: "127.0.0.0/8" } }).extend<{ at: Providers }>({
  at: [
    async ({ server }, use) => {
      const home = await IdentityProvider.start(server, "home");
      const guests = await IdentityProvider.start(server, "guests", "127.0.0.2");
      const admin = await server.account({ admin: true });
      await admin.provider({ ...client("Home", home), logout: true });
      await admin.provider({ ...client("Guests", guests), sign_up: true });
      await admin.dispose();
      await use({ home, guests });
      await home.close();
      await guests.close();
    },
    { scope: "file" },
  ],
});

const client = (name: string, { issuer }: IdentityProvider) => ({
  name,
  slug: name.toLowerCase(),
  preset: "generic" as const,
  issuer,
  client_id: CLIENT.id,
  client_secret: CLIENT.secret,
  scopes: ["openid", "email", "profile", "groups"],
  enabled: true,
  sign_up: false,
  trusts_second_factor: false,
  logout: false,
  groups_claim: "groups",
  group_roles: [{ group: "readers", role: "read-only" as const }],
  default_role: "member" as const,
});

/** Links the account with that of somebody at Home. */
async function link({ page, app }: Device, home: IdentityProvider, who: string): Promise<void> {
  await app.open("/settings/security");
  await app.button("Link with Home").click();
  await home.signIn(page, who);
  await seen(page.getByText("Home is linked. You can sign in with it from now on."));
  await seen(page.getByRole("list", { name: "Linked accounts" }).getByText(`${who}@id.example.org`));
}

/** Goes to a provider from the page where one signs in. */
async function leaveFor({ page, app }: Device, name: string): Promise<void> {
  await app.open("/login");
  await app.button(`Continue with ${name}`).click();
  await seen(page.getByLabel("Who are you?"));
}

const heading = ({ page }: Device, name: string) => seen(page.getByRole("heading", { name, exact: true }));

/** A new person at Guests has an account here afterwards. */
async function signUp(device: Device, guests: IdentityProvider, who: string): Promise<void> {
  await leaveFor(device, "Guests");
  await guests.signIn(device.page, who);
  await seen(device.app.searchBox);
}

/** An administrator on a device. */
async function administrator(server: Server, open: (account: Account) => Promise<Device>): Promise<Device> {
  const admin = await server.account({ admin: true });
  const device = await open(admin);
  await admin.dispose();
  return device;
}

for (const [name, options] of Object.entries({ desktop, phone })) {
  test(`an administrator adds a provider, checks it, and deletes it (${name})`, async ({ server, devices }) => {
    const slug = `by-hand-${name}`;
    const own = await IdentityProvider.start(server, slug, "127.0.0.3");
    const { page, app } = await administrator(server, (account) => devices.signedIn(account, options));
    await app.open("/settings/single-sign-on");
    await app.button("Add a provider").click();
    await page.getByLabel("Name", { exact: true }).fill(`By hand ${name}`);
    await seen(page.getByText(server.url(`/sso/${slug}`)));
    await page.getByLabel("Issuer").fill(`${own.issuer}/elsewhere`);
    await page.getByLabel("Client ID").fill(CLIENT.id);
    await page.getByLabel("Client secret").fill(CLIENT.secret);
    await page.getByRole("button", { name: "Add", exact: true }).click();

    await app.button(`Check By hand ${name}`).click();
    await seen(page.getByText("It cannot be used like this:"));
    await app.button(`Change By hand ${name}`).click();
    await page.getByLabel("Issuer").fill(own.issuer);
    await app.button("Save").click();
    await app.button(`Check By hand ${name}`).click();
    await seen(page.getByText("It answers, and can be used."));
    await seen(page.getByText(`${own.issuer}/session/end`));
    expect(await brokenRules(page)).toEqual([]);

    await app.button(`Delete By hand ${name}`).click();
    await app.dialog.getByRole("button", { name: "Delete" }).click();
    await gone(app.button(`Check By hand ${name}`));
    await own.close();
  });

  test(`somebody links an account, signs out there, too, signs in by it where they wanted to go, and unlinks it (${name})`, async ({
    devices,
    account,
    at: { home },
  }) => {
    const who = `ada-${name}`;
    const device = await devices.signedIn(account, options);
    device.watch.allow(/^401 /);
    const { page, app } = device;
    await link(device, home, who);
    expect(await brokenRules(page)).toEqual([]);
    await app.signOut();
    await heading(device, "Sign in");

    // There, nobody has signed out yet.
    await app.open("/settings/profile");
    await app.button("Continue with Home").click();
    await heading(device, "Profile");
    expect(await page.getByLabel("E-mail").inputValue()).toBe(account.email);
    expect(page.url()).not.toContain("code=");

    // This session came from the provider, so signing out leads there.
    await app.signOut();
    await home.signOut(page);
    await heading(device, "Sign in");
    await leaveFor(device, "Home");
    await home.signIn(page, who);
    await seen(app.searchBox);

    await app.open("/settings/security");
    await app.button("Unlink Home").click();
    await app.dialog.getByRole("button", { name: "Unlink" }).click();
    await seen(page.getByText("No account elsewhere is linked yet."));
  });

  test(`a second factor is asked for after it, too (${name})`, async ({ devices, account, at: { home } }) => {
    const who = `fay-${name}`;
    const device = await devices.signedIn(account, options);
    device.watch.allow(/^401 /);
    const { page, app } = device;
    await link(device, home, who);
    await app.button("Set it up").click();
    const secret = (await app.dialog.locator("code").textContent()) ?? "";
    await page.getByLabel("Code from the app").fill(totp(secret, -1));
    await app.button("Turn it on").click();
    await page.getByLabel("I have kept them").check();
    await app.button("Done").click();
    await gone(app.dialog);
    await app.signOut();
    await heading(device, "Sign in");

    await app.open("/settings/profile");
    await app.button("Continue with Home").click();
    await heading(device, "Second step");
    await seen(page.getByText("Home knows you. One more thing shows that it is you."));
    await page.getByLabel("Code", { exact: true }).fill(totp(secret));
    await app.button("Sign in").click();
    await heading(device, "Profile");
  });

  test(`somebody new makes an account by it, has no other way in, and shows again who it is (${name})`, async ({
    devices,
    at: { guests },
  }) => {
    const who = `bea-${name}`;
    const device = await devices.open(options);
    device.watch.allow(/^401 /, /^403 PATCH .*\/me$/);
    const { page, app } = device;
    await signUp(device, guests, who);
    await app.open("/settings/security");
    await seen(page.getByText("Your account has none: you sign in by single sign-on or a passkey."));
    expect(await app.button("Unlink Guests").getAttribute("aria-disabled")).toBe("true");
    await seen(page.getByText(/^It is the only way into your account/));
    expect(await brokenRules(page)).toEqual([]);

    await app.open("/settings/profile");
    await wantCredential(page, "PATCH", "/me");
    await app.button("Change address…").click();
    await app.dialog.getByLabel("E-mail").fill(`other-${who}@example.org`);
    await app.dialog.getByRole("button", { name: "Change address" }).click();
    const question = page.getByRole("dialog", { name: "Is it you?" });
    await question.getByRole("button", { name: "Continue with Guests" }).click();
    await guests.signIn(page, who);
    await heading(device, "Profile");
    await seen(page.getByText(/^Thank you\. For ten minutes nobody asks again/));
    await app.button("Change address…").click();
    await app.dialog.getByLabel("E-mail").fill(`other-${who}@example.org`);
    await app.dialog.getByRole("button", { name: "Change address" }).click();
    await seen(page.getByText("The address is changed."));
  });

  test(`the groups there give the role here (${name})`, async ({ devices, at: { guests } }) => {
    const who = `reader-${name}`;
    guests.knows(who, { groups: ["others", "readers"] });
    const device = await devices.open(options);
    device.watch.allow(/^401 /);
    await signUp(device, guests, who);
    await device.app.open("/settings/profile");
    await seen(device.page.getByText("Read-only: sees the notes and changes nothing"));
  });

  test(`whoever turns back there is told calmly, and can go on (${name})`, async ({ devices, at: { guests } }) => {
    const device = await devices.open(options);
    device.watch.allow(/^401 /);
    const { page, app } = device;
    await leaveFor(device, "Guests");
    await guests.cancel(page);
    await seen(page.getByText("You turned back at Guests. Nothing has changed."));
    expect(new URL(page.url()).search).toBe("");
    expect(await brokenRules(page)).toEqual([]);
    // Loading the page again finds nothing to finish, and begins anew.
    await page.reload();
    await heading(device, "Please begin again");
    await app.button("Continue with Guests").click();
    await guests.signIn(page, `cem-${name}`);
    await seen(app.searchBox);
  });

  test(`nobody comes in whom nobody has linked, or whose address is another's (${name})`, async ({
    devices,
    account,
    at: { home, guests },
  }) => {
    const device = await devices.open(options);
    device.watch.allow(/^401 /, /^403 POST .*\/auth\/sso\/home$/, /^4\d\d POST .*\/auth\/sso\/guests$/);
    const { page, app } = device;
    await leaveFor(device, "Home");
    await home.signIn(page, `stranger-${name}`);
    await seen(page.getByText(/^No account here is linked with yours there\./));
    await page.getByRole("link", { name: "To the sign-in page" }).click();
    await heading(device, "Sign in");

    guests.knows(`double-${name}`, { email: account.email });
    await leaveFor(device, "Guests");
    await guests.signIn(page, `double-${name}`);
    await seen(page.getByText(/^There is an account here with the same e-mail address\./));

    guests.knows(`unsure-${name}`, { email_verified: false });
    await page.context().clearCookies({ domain: "127.0.0.2" });
    await leaveFor(device, "Guests");
    await guests.signIn(page, `unsure-${name}`);
    await seen(page.getByText(/^An account here needs an e-mail address that was confirmed there/));
    await app.open("/login");
  });

  test(`what one browser began, another cannot finish (${name})`, async ({ devices, at: { guests } }) => {
    const mine = await devices.open(options);
    mine.watch.allow(/^401 /);
    await leaveFor(mine, "Guests");
    // It never gets to hand the answer in, and somebody sends that on in a link.
    await mine.page.route("**/api/v1/auth/sso/guests", (route) => route.abort());
    mine.watch.allow(/^net::ERR_FAILED POST /);
    const came = mine.page.waitForRequest(/\/sso\/guests\?/);
    await guests.signIn(mine.page, `eve-${name}`);
    const answer = (await came).url();
    await heading(mine, "You are not signed in");
    const theirs = await devices.open(options);
    theirs.watch.allow(/^401 /, /^409 POST .*\/auth\/sso\/guests$/);
    await theirs.page.goto(answer);
    await heading(theirs, "You are not signed in");
    await seen(theirs.page.getByText(/^This was begun in another browser/));
    await seen(theirs.app.button("Continue with Guests"));
  });
}
