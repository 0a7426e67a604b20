/** How the server hands the app out: headers, addresses that lead nowhere, and how much is sent. */
import { expect, journeys } from "../support/journey";
import { seen } from "../support/wait";

const test = journeys();

test("the page comes with a strict policy: a nonce for scripts and styles, Trusted Types, no unsafe words", async ({
  server,
}) => {
  const first = await fetch(server.url("/"));
  const policy = first.headers.get("content-security-policy") ?? "";
  expect(policy).toMatch(/script-src[^;]*'nonce-[\w+/=-]{16,}'/);
  expect(policy).toMatch(/style-src[^;]*'nonce-/);
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).toMatch(/frame-ancestors 'none'/);
  expect(policy).not.toMatch(/unsafe-inline|unsafe-eval/);
  expect(first.headers.get("x-content-type-options")).toBe("nosniff");
  const nonce = (text: string): string | undefined => text.match(/'nonce-([^']+)'/)?.[1];
  const again = (await fetch(server.url("/"))).headers.get("content-security-policy") ?? "";
  expect(nonce(again)).not.toBe(nonce(policy));
  expect(await first.text()).toContain(`nonce="${nonce(policy)}"`);
});

test("files of the build never change under their name, and say so", async ({ server }) => {
  const page = await (await fetch(server.url("/"))).text();
  const script = page.match(/src="([^"]*\/assets\/[^"]+\.js)"/)?.[1];
  if (!script) throw new Error("the page names no script");
  const answer = await fetch(new URL(script, server.origin), { headers: { "Accept-Encoding": "br" } });
  expect(answer.headers.get("cache-control")).toMatch(/immutable/);
  expect(answer.headers.get("content-type")).toMatch(/javascript/);
  expect((await fetch(server.url("/sw.js"))).headers.get("cache-control")).not.toMatch(/immutable/);
});

test("an unknown address shows a page with a way home", async ({ devices, account }) => {
  const { app, watch } = await devices.signedIn(account);
  // Whether the server says 404 with the page, or lets the app find out, is its own affair.
  watch.allow(/^404 GET \/no\/such\/place/);
  await app.open("/no/such/place");
  await seen(app.page.getByRole("heading", { name: "There is nothing here" }));
  await app.page.getByRole("link", { name: "To your notes" }).click();
  await seen(app.searchBox);
});

test("a missing file is 404, not the page", async ({ server }) => {
  expect((await fetch(server.url("/assets/missing-1234.js"))).status).toBe(404);
  expect((await fetch(server.url("/wp-login.php"))).status).toBe(404);
});

test("a note that does not exist says so", async ({ devices, account }) => {
  const { app, watch } = await devices.signedIn(account);
  watch.allow(/^404 GET .*\/api\/v1\/notes\//);
  await app.open("/notes/01890000-0000-7000-8000-000000000000");
  await seen(app.page.getByText("This note does not exist"));
});
