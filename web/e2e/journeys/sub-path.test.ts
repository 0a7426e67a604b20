/** Behind a path of somebody else's host name. */
import { expect, journeys } from "../support/journey";
import { seen } from "../support/wait";

const test = journeys({ path: "/notes" });

test("everything works under a path: signing in, writing, loading again, offline", async ({
  server,
  devices,
  account,
}) => {
  const outside: string[] = [];
  const { context, page, app, watch } = await devices.open();
  page.on("request", (request) => {
    if (!request.url().startsWith(server.url("/"))) outside.push(request.url());
  });
  await app.signIn(account);
  const id = await app.write("# Under a path");
  await expect.poll(() => account.body(id)).toBe("# Under a path");
  expect(new URL(page.url()).pathname).toBe(`/notes/notes/${id}`);
  await page.reload();
  await seen(app.entry("Under a path"));
  await app.installed();
  watch.allow(/ERR_INTERNET_DISCONNECTED/);
  await context.setOffline(true);
  await page.reload();
  await seen(app.entry("Under a path"));
  expect(outside).toEqual([]);
});
