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

test("offline search says that it looks through what is on this device", async ({ devices, account }) => {
  await account.note({ body: "# Kingfisher\n\nBlue." });
  const { context, app, watch } = await devices.signedIn(account);
  watch.allow(/ERR_INTERNET_DISCONNECTED/);
  await app.choose("Kingfisher");
  await context.setOffline(true);
  await app.search("kingf");
  await seen(app.entry("Kingfisher"));
  await seen(app.page.getByText(/on this device/).first());
});
