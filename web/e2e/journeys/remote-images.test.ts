/** Pictures on other servers: not loaded until somebody says so for a note, and then through the server alone. */
import { join } from "node:path";
import { desktop, expect, journeys, phone } from "../support/journey";
import { out } from "../support/paths";
import { pictureServer } from "../support/picture-server";
import { Sentinel } from "../support/sentinel";
import { gone, seen } from "../support/wait";

const test = journeys({ env: { INKSTONE_OUTBOUND_ALLOW: "127.0.0.0/8" } });

for (const [name, options] of Object.entries({ desktop, phone })) {
  test(`a reader decides for one note, and can take it back (${name})`, async ({ server, devices, account }) => {
    const there = await pictureServer();
    const body = `# Heron\n\nBy the water.\n\n![A heron](${there.url("/heron.png")})\n\n![A drawing](${there.url("/drawing.svg")})\n`;
    const note = await account.note({ body });
    const other = await account.note({ body: `# Other\n\n![Another](${there.url("/other.png")})\n` });
    const { page, app, context, watch } = await devices.signedIn(account, options);
    const sentinel = await Sentinel.on(context, server.origin);
    const preview = page.getByRole("region", { name: "Preview of the note" });
    const read = async (id: string) => {
      await app.open(`/notes/${id}`);
      await seen(app.button("Preview"));
      await app.button("Preview").click();
      await seen(preview);
    };
    await read(note.id);
    await seen(preview.getByText("This note has 2 remote images."));
    await seen(preview.getByText("A heron"));
    await page.screenshot({ path: join(out, `remote-images-${name}-off.png`) });
    expect([there.asked, sentinel.seen]).toEqual([[], []]);

    // The drawing is none of the pictures that are handed on.
    watch.allow(/^502 GET .*\/remote-images/);
    await preview.getByRole("button", { name: "Show in this note" }).click();
    const picture = preview.getByRole("img", { name: "A heron" });
    await seen(picture);
    await expect.poll(() => picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(640);
    await expect.poll(() => preview.getByText("A drawing").getAttribute("title")).toContain("could not be loaded");
    await page.screenshot({ path: join(out, `remote-images-${name}-on.png`) });
    for (const { headers } of there.asked) {
      expect([headers.cookie, headers.referer, headers["accept-language"]]).toEqual([undefined, undefined, undefined]);
      expect(headers["user-agent"]).toMatch(/^Inkstone\//);
    }
    await read(other.id);
    await seen(preview.getByText("This note has 1 remote image."));
    expect(there.asked.map(({ path }) => path)).not.toContain("/other.png");

    // Where it is written it is the same choice.
    await app.open(`/notes/${note.id}`);
    await app.edit();
    const writing = app.note.getByText("The 2 remote images of this note are shown.").first();
    await seen(writing);
    await page.keyboard.press("Control+Home");
    await expect
      .poll(() =>
        app.editor.getByRole("img", { name: "A heron" }).evaluate((image: HTMLImageElement) => image.naturalWidth),
      )
      .toBe(640);
    await page.screenshot({ path: join(out, `remote-images-${name}-editor.png`) });
    await app.button("Stop showing").first().click();
    await seen(app.note.getByText("This note has 2 remote images.").first());
    await gone(app.editor.getByRole("img", { name: "A heron" }));
    expect((await account.read(note.id)).body).toBe(body);
    expect(sentinel.seen).toEqual([]);
    there.close();
  });
}
