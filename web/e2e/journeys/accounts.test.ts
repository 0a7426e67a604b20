/** Coming in and going out, on a server where everybody may register. */
import { expect, journeys } from "../support/journey";
import { gone, seen } from "../support/wait";

const test = journeys({ env: { INKSTONE_SIGNUP: "open" } });

test("somebody registers, signs out and signs in again", async ({ devices }) => {
  const { page, app } = await devices.open();
  await app.open("/login");
  await page.getByRole("link", { name: "Create one" }).click();
  await page.getByLabel("E-mail").fill("new@example.org");
  await page.getByLabel("Password", { exact: true }).fill("short");
  await app.button("Create account").click();
  await seen(page.getByText("The password needs at least 10 characters; this one has 5."));
  await page.getByLabel("Password", { exact: true }).fill("long enough by far");
  await app.button("Create account").click();
  await seen(app.searchBox);

  await app.signOut();
  await seen(page.getByRole("heading", { name: "Sign in" }));
  await page.getByLabel("E-mail").fill("new@example.org");
  await page.getByLabel("Password", { exact: true }).fill("long enough by far");
  await app.button("Sign in").click();
  await seen(app.searchBox);
});

test("a wrong password is refused beside its field, and the right one is taken then", async ({ devices, account }) => {
  const { page, app, watch } = await devices.open();
  watch.allow(/^401 POST .*\/auth\/login$/);
  await app.open("/login");
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill("not that one");
  await app.button("Sign in").click();
  await seen(page.getByRole("alert"));
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await app.button("Sign in").click();
  await seen(app.searchBox);
});

test("an address that is taken is said beside its field", async ({ devices, account }) => {
  const { page, app, watch } = await devices.open();
  watch.allow(/^409 POST .*\/auth\/register$/);
  await app.open("/register");
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill("long enough by far");
  await app.button("Create account").click();
  await seen(page.getByRole("alert"));
});

test("a deep link asks to sign in and leads there afterwards", async ({ devices, account }) => {
  const note = await account.note({ body: "# Deep down\n\nWhere the link leads." });
  const { page, app, watch } = await devices.open();
  // Asking is the only way to find out whether a cookie is still good.
  watch.allow(/^401 GET .*\/me$/, /^401 POST .*\/refresh$/);
  await app.open(`/notes/${note.id}`);
  await page.getByLabel("E-mail").fill(account.email);
  await page.getByLabel("Password", { exact: true }).fill(account.password);
  await app.button("Sign in").click();
  await seen(app.editor);
  expect(app.id).toBe(note.id);
});

test("what was written by one person is not shown to the next on the same browser", async ({
  server,
  devices,
  account,
}) => {
  await account.note({ body: "# Private words" });
  const other = await server.account();
  const { page, app } = await devices.signedIn(account);
  await seen(app.entry("Private words"));
  await app.signOut();
  await seen(page.getByRole("heading", { name: "Sign in" }));
  await app.signIn(other);
  await seen(app.button("Add a sample note"));
  await gone(page.getByText("Private words"));
});

test("no script can read a token", async ({ devices, account }) => {
  const { page } = await devices.signedIn(account);
  const readable = await page.evaluate(() =>
    JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]),
  );
  expect(readable).not.toMatch(/eyJ[\w-]{10,}|refresh|access_token/i);
  expect(await page.evaluate(() => document.cookie)).toBe("");
});
