/** The ground goes away under somebody who is typing: the tab, the browser, the server, its disk, the session. */
import type { Page } from "playwright-core";
import { expect, journeys } from "../support/journey";
import { openProfile } from "../support/profile";
import { gone, seen } from "../support/wait";

const test = journeys();

/** All that the browser's own databases hold, as text. */
const keptOnDevice = (page: Page): Promise<string> =>
  page.evaluate(async () => {
    const answer = <T>(request: IDBRequest<T>) =>
      new Promise<T>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    let kept = "";
    for (const { name } of await indexedDB.databases()) {
      if (!name) continue;
      const database = await answer(indexedDB.open(name));
      for (const store of database.objectStoreNames) {
        kept += JSON.stringify(await answer(database.transaction(store).objectStore(store).getAll()));
      }
      database.close();
    }
    return kept;
  });

test("a tab that is closed right after the last key loses nothing", async ({ devices, account }) => {
  const note = await account.note({ body: "# Quick" });
  const { context, app, page } = await devices.signedIn(account);
  await app.choose("Quick");
  await app.append(" words, and gone");
  await page.close({ runBeforeUnload: false });
  const again = await context.newPage();
  const reopened = app.on(again);
  await reopened.open(`/notes/${note.id}`);
  await expect.poll(() => reopened.editor.textContent()).toContain("Quick words, and gone");
  await reopened.saved();
  await expect.poll(() => account.body(note.id)).toBe("# Quick words, and gone");
});

test("words that do not arrive at once delay a note and lose nothing", async ({ devices, account }) => {
  const { context, app, watch } = await devices.signedIn(account, { serviceWorkers: "block" });
  watch.allow(/^net::ERR_FAILED GET .*\/assets\/rest-/);
  let failures = 2;
  await context.route(/\/assets\/rest-[^/]*\.js(\?|$)/, (route) => (failures-- > 0 ? route.abort() : route.continue()));
  const fresh = app.on(await context.newPage());
  await fresh.open();
  const id = await fresh.write("# Shaky line");
  await fresh.saved();
  expect(failures).toBeLessThan(1);
  await expect.poll(() => account.body(id)).toBe("# Shaky line");
});

test("a browser that is killed while the server is away loses nothing", async ({ server, account }) => {
  const note = await account.note({ body: "# Crash" });
  const profile = await openProfile(server);
  await profile.app.signIn(account);
  await profile.app.choose("Crash");
  await server.stop();
  await profile.app.append(" and burn");
  await expect.poll(() => profile.app.saving.textContent()).toMatch(/Offline|Saved on this device/);
  // Keys are kept batch by batch; the batch under way when a browser is killed is the only one that may be lost.
  await expect.poll(() => keptOnDevice(profile.app.page)).toContain("and burn");
  await profile.kill();
  await server.start();

  const again = await profile.reopen();
  await again.open(`/notes/${note.id}`);
  // Chromium writes cookies to the disk every half minute: whoever signed in later than that is asked again.
  const password = again.page.getByLabel("Password", { exact: true });
  await seen(again.editor.or(password));
  if (await password.isVisible()) {
    await again.page.getByLabel("E-mail").fill(account.email);
    await password.fill(account.password);
    await again.button("Sign in").click();
  }
  await expect.poll(() => again.editor.textContent()).toContain("Crash and burn");
  await again.saved();
  await expect.poll(() => account.body(note.id)).toBe("# Crash and burn");
  await profile.dispose();
});

test("a server that stops while somebody types has everything after it is back", async ({
  server,
  devices,
  account,
}) => {
  const { app, watch } = await devices.signedIn(account);
  watch.allow(/ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INCOMPLETE_CHUNKED_ENCODING/);
  const id = await app.write("# Steady\n\nbefore");
  await app.saved();
  await server.stop("SIGKILL");
  await app.append(", during");
  await expect.poll(() => app.saving.textContent()).toMatch(/Offline/);
  await server.start();
  await app.append(", after");
  await app.saved();
  await expect.poll(() => account.body(id)).toBe("# Steady\n\nbefore, during, after");
});

for (const [status, type] of [
  [507, "storage-full"],
  [503, "busy"],
] as const) {
  test(`a save that is answered ${status} says so and is tried again`, async ({ devices, account }) => {
    const note = await account.note({ body: "# Patient" });
    const { context, app, watch } = await devices.signedIn(account);
    watch.allow(new RegExp(`^${status} PATCH`));
    await app.choose("Patient");
    await context.route(/\/api\/v1\/notes\//, (route) =>
      route.request().method() === "PATCH"
        ? route.fulfill({
            status,
            headers: { "Content-Type": "application/problem+json", "Retry-After": "1" },
            body: JSON.stringify({ type, title: type, status, detail: "Not now." }),
          })
        : route.fallback(),
    );
    await app.append(" note");
    await expect.poll(() => app.saving.textContent()).not.toMatch(/^Saved$/);
    await seen(app.note.getByText(/tried again|try again|again/i));
    await context.unrouteAll();
    await app.saved();
    await expect.poll(() => account.body(note.id)).toBe("# Patient note");
  });
}

test("a session that ends while somebody types asks to sign in, in place, and goes on", async ({
  devices,
  account,
}) => {
  const { page, app, watch } = await devices.signedIn(account);
  watch.allow(/^401 /);
  const id = await app.write("# Long evening\n\nfirst");
  await app.saved();
  // Asked while the words are on their way, not before they are typed: keys go to whatever has the focus.
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  await page.route("**/api/v1/notes/**", async (route) => {
    if (route.request().method() === "PATCH") await ended;
    await route.continue();
  });
  await app.append(", second");
  await account.endOtherSessions();
  end();
  const dialog = page.getByRole("dialog", { name: "Please sign in again" });
  await seen(dialog);
  await dialog.getByRole("button", { name: "Not now" }).click();
  await gone(dialog);
  await app.append(", third");
  await app.button("Sign in again").first().click();
  await dialog.getByLabel("Password", { exact: true }).fill(account.password);
  await dialog.getByRole("button", { name: "Sign in", exact: true }).click();
  await gone(dialog);
  await app.saved();
  await app.append(", fourth");
  await app.saved();
  await expect.poll(() => account.body(id)).toBe("# Long evening\n\nfirst, second, third, fourth");
});
