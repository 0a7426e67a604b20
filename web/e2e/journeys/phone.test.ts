/** One hand, one pane. */
import { expect, journeys, phone } from "../support/journey";
import { gone, seen } from "../support/wait";

const test = journeys();

test("list, note and back again, with the bar at the bottom giving way to the note", async ({ devices, account }) => {
  const note = await account.note({ body: "# Errands\n\n- bread\n" });
  const { page, app } = await devices.signedIn(account, phone);
  const bar = page.getByRole("navigation", { name: "Main" }).last();
  await seen(bar.getByRole("link", { name: "Settings" }));
  await app.entry("Errands").tap();
  await seen(app.backToList);
  await gone(bar.getByRole("link", { name: "Settings" }));

  // The list behind the note says it too.
  await page.getByText("bread").filter({ visible: true }).first().tap();
  await seen(app.editor);
  await page.keyboard.press("Control+End");
  await page.keyboard.type("- milk");
  await expect.poll(() => account.body(note.id)).toBe("# Errands\n\n- bread\n- milk");
  await app.backToList.tap();
  await seen(app.entry("Errands"));
  await seen(bar.getByRole("link", { name: "Settings" }));
});

test("the browser's own back leads from the note to the list", async ({ devices, account }) => {
  await account.note({ body: "# Swipe" });
  const { page, app } = await devices.signedIn(account, phone);
  await app.entry("Swipe").tap();
  await seen(app.backToList);
  await page.goBack();
  await seen(app.entry("Swipe"));
});

test("a new note is written from the bottom bar", async ({ devices, account }) => {
  const { page, app } = await devices.signedIn(account, phone);
  await page.getByRole("button", { name: /^New/ }).last().tap();
  await seen(app.editor);
  await page.keyboard.type("# From the bus");
  await expect.poll(async () => (await account.notes()).map((note) => note.title)).toEqual(["From the bus"]);
});

test("everything that is touched is large enough", async ({ devices, account }) => {
  await account.note({ body: "# Fingers", tags: ["hands"] });
  const { page, app } = await devices.signedIn(account, phone);
  const small = (): Promise<string[]> =>
    page.evaluate(() =>
      [...document.querySelectorAll<HTMLElement>("button, a[href], input, select, [role=button], [role=option]")]
        .filter((one) => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
        // Links within running text are as tall as the text, and skip links are for keyboards.
        .filter((one) => !one.closest("p, .cm-content, .sr-only"))
        .filter((one) => {
          const { width, height } = one.getBoundingClientRect();
          return height < 43.5 || width < 43.5;
        })
        .map(
          (one) =>
            `${one.outerHTML.slice(0, 100)} ${one.getBoundingClientRect().width}×${one.getBoundingClientRect().height}`,
        ),
    );
  await seen(app.entry("Fingers"));
  expect(await small()).toEqual([]);
  await app.entry("Fingers").tap();
  await seen(app.backToList);
  expect(await small()).toEqual([]);
});

test("a note that is only read shows its table, and how long it is", async ({ devices, account }) => {
  const note = await account.note({ body: "# Cuts\n\n| Part | Length |\n|---|--:|\n| Seat | 1180 |\n" });
  const { page, app } = await devices.signedIn(account, phone);
  await app.open(`/notes/${note.id}`);
  await seen(page.getByRole("table").getByText("1180"));
  await page.getByRole("button", { name: app.say("notes.more") }).tap();
  await seen(page.getByRole("menu").getByText("5 words"));
});
