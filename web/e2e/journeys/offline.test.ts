/** Without a network: reading, editing, creating, loading the app again; and what the server has afterwards. */
import { expect, journeys } from "../support/journey";
import { seen } from "../support/wait";

const test = journeys();

test("what is written offline survives a reload from the service worker and reaches the server", async ({
  devices,
  account,
}) => {
  const note = await account.note({ body: "# Train\n\nleaves at six\n" });
  const { context, page, app, watch } = await devices.signedIn(account);
  watch.allow(/ERR_INTERNET_DISCONNECTED/);
  await app.choose("Train");
  await app.installed();

  await context.setOffline(true);
  await app.append("from platform 4\n");
  await expect.poll(() => app.saving.textContent()).toMatch(/Offline/);
  const fresh = await app.write("# Made in a tunnel");

  await page.reload();
  await seen(app.entry("Made in a tunnel"));
  await app.choose("Train");
  await expect.poll(() => app.editor.textContent()).toContain("from platform 4");

  // The browser asks for the note that the address names before it knows that it was made here.
  watch.allow(new RegExp(`^404 GET .*/notes/${fresh}$`));
  await context.setOffline(false);
  await expect.poll(() => account.body(note.id)).toBe("# Train\n\nleaves at six\nfrom platform 4\n");
  await expect.poll(() => account.state(fresh)).toBe("active");
  await app.saved();
});

test("keys that the device has not written yet survive a reload", async ({ devices, account }) => {
  const { page, app, watch } = await devices.signedIn(account);
  const note = await app.write("keys:");
  // The browser may ask for the note before it knows that it was made here.
  watch.allow(new RegExp(`^404 GET .*/notes/${note}$`));
  let text = "keys:";
  for (const word of ["never", "lose", "a", "single", "key"]) {
    // The device is slow: the last batch waits for its turn when the page goes.
    await page.evaluate(keepBusy, "drafts");
    await app.editor.click();
    await page.keyboard.press("Control+End");
    await page.keyboard.type(`${word}-`, { delay: 10 });
    text += `${word}-`;
    await page.reload();
    await expect.poll(() => app.editor.textContent()).toBe(text);
  }
  await app.saved();
  expect(await account.body(note)).toBe(text);
});

/** Writes into that store of the app's database, over and over, until the page goes. */
async function keepBusy(store: string): Promise<void> {
  for (const { name = "" } of await indexedDB.databases()) {
    if (!name.startsWith("inkstone-")) continue;
    const opening = indexedDB.open(name);
    opening.onsuccess = () => {
      const write = () => {
        const tx = opening.result.transaction(opening.result.objectStoreNames, "readwrite", { durability: "strict" });
        tx.objectStore(store).put({ id: "busy", nothing: "x".repeat(8_000_000) });
        tx.objectStore(store).delete("busy");
        tx.oncomplete = write;
      };
      write();
    };
  }
}

test("offline, a query with filters finds the right notes, and says what it had to leave aside", async ({
  devices,
  account,
}) => {
  await account.note({ body: "# Train to Böblingen\n\n- [ ] buy the ticket", tags: ["travel/rail"] });
  await account.note({ body: "# Train the dog\n\nEvery day.", tags: ["dog"] });
  await account.note({ body: "# Timetable\n\nThe train leaves at six." });
  const { context, page, app, watch } = await devices.signedIn(account);
  watch.allow(/ERR_INTERNET_DISCONNECTED/);
  for (const title of ["Train to", "Train the dog", "Timetable"]) await app.choose(title);
  await app.installed();
  await context.setOffline(true);
  await page.reload();

  const titles = () => page.locator("a[data-note]").allTextContents();
  const finds = async (q: string, ...wanted: RegExp[]) => {
    await app.search(q);
    await expect.poll(async () => (await titles()).length, { message: q }).toBe(wanted.length);
    for (const title of wanted) await seen(app.entry(title));
  };
  await finds("train tag:travel", /Böblingen/);
  await finds("title:train -tag:dog", /Böblingen/);
  await finds('"leaves at" OR boblingen', /Timetable/, /Böblingen/);
  await finds("train has:task created:2d", /Böblingen/);
  await finds("train is:archived");
  await finds("train (ticket OR dog) lang:en", /Böblingen/, /Train the dog/);
  await seen(page.getByText(/one filter had to be left aside/));
  await seen(page.locator("code", { hasText: "lang:en" }));
});

test("offline search says that it looks through what is on this device", async ({ devices, account }) => {
  await account.note({ body: "# Kingfisher\n\nBlue." });
  const { context, app, watch } = await devices.signedIn(account);
  watch.allow(/ERR_INTERNET_DISCONNECTED/);
  await app.choose("Kingfisher");
  // What the page fetches when it is wanted has to be on the device by then.
  await app.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.setOffline(true);
  await app.search("kingf");
  await seen(app.entry("Kingfisher"));
  await seen(app.page.getByText(/on this device/).first());
});
