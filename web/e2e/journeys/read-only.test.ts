/** An account that may only read: it reads, and nothing that writes is there. On a desk and on a phone. */
import { desktop, expect, journeys, phone } from "../support/journey";
import { gone, seen } from "../support/wait";

const test = journeys();

for (const [name, options] of Object.entries({ desktop, phone })) {
  test(`reads its notes and is offered no change (${name})`, async ({ server, devices, account }) => {
    await account.note({ body: "# Carved in stone\n\nNothing changes here." });
    const admin = await server.account({ admin: true });
    await admin.changeRole(account.email, "read-only");

    const { page, app } = await devices.signedIn(account, options);
    await seen(app.entry("Carved in stone"));
    await gone(app.button("New note"));
    await page.keyboard.press("n");
    await app.entry("Carved in stone").click();
    await seen(page.getByText("Nothing changes here."));
    expect(await page.locator("[contenteditable=true]").count()).toBe(0);
    await app.button(app.say("notes.more")).click();
    await seen(page.getByRole("menuitem", { name: /^Copy/ }).first());
    expect(await page.getByRole("menuitem", { name: /trash/i }).count()).toBe(0);
    await page.keyboard.press("Escape");
    await app.open("/settings/profile");
    await seen(page.getByText("Read-only: sees the notes and changes nothing"));
    // Nobody has tried to save: a refused request would be told by the watch.
  });
}
