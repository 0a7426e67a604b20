/** The first minutes: from the link that the server printed to the first note. */
import { expect, journeys } from "../support/journey";
import { gone, seen } from "../support/wait";

const test = journeys({ fresh: true, perTest: true });

test("before anybody used the link, the sign-in page says what to do", async ({ devices }) => {
  const { page, app } = await devices.open();
  await app.open("/login");
  await seen(page.getByRole("heading", { name: "This server is not set up yet" }));
  await seen(page.getByText("inkstone user setup-link"));
});

test("the printed link makes the administrator and leads to a list that offers a sample note", async ({
  server,
  devices,
}) => {
  const { page, app } = await devices.open();
  await page.goto(server.setupLink);
  await expect.poll(() => page.url(), { message: "the token is taken out of the address" }).not.toContain("token=");
  await page.getByLabel("Name").fill("Ines");
  await page.getByLabel("E-mail").fill("ines@example.org");
  await page.getByLabel("Password", { exact: true }).fill("a long pass phrase");
  await page.getByRole("button", { name: "Set up this server" }).click();
  await seen(app.button("Add a sample note"));
  await app.button("Add a sample note").click();
  await seen(app.editor);
  await app.saved();
  await seen(app.entry(/./));
  await gone(app.button("Add a sample note"));
});

test("a link that was used says so and tells how to get another", async ({ server, devices }) => {
  const { page } = await devices.open();
  await (await server.account({ admin: true })).dispose();
  await page.goto(server.setupLink);
  await seen(page.getByRole("heading", { name: "This server is set up" }));
  await seen(page.getByRole("link", { name: "Sign in" }));
});

test("a list without notes invites to write one", async ({ server, devices }) => {
  const { app, page } = await devices.signedIn(await server.account({ admin: true }));
  await seen(app.button("Add a sample note"));
  await app.write("# First words");
  await app.saved();
  await page.reload();
  await seen(app.entry("First words"));
});
