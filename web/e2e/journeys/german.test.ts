/** Somebody whose browser speaks German reads no English. */
import type { Page } from "playwright-core";
import { demoNotes } from "../demo/notes";
import { seedDemo } from "../demo/store";
import { App } from "../support/app";
import { expect, journeys } from "../support/journey";
import { existsAt, scenes } from "../support/scenes";
import { de, en, type MessageKey } from "../support/words";

const test = journeys({ named: true });

test("no English words are left in the German app", { timeout: 240_000 }, async ({ server, devices }) => {
  const account = await seedDemo(server);
  const visitor = await devices.open({ locale: "de-DE" });
  const person = await devices.open({ locale: "de-DE" });
  await new App(person.page, server, "de").signIn(account);
  const english: string[] = [];
  for (const scene of scenes) {
    const { page, watch } = scene.visitor ? visitor : person;
    if (!existsAt(scene, 1280)) continue;
    watch.allow(/^404 GET/, /^412 PATCH/, /ERR_INTERNET_DISCONNECTED/);
    const app = new App(page, server, "de");
    await scene.reach(app, account);
    expect(await page.evaluate(() => document.documentElement.lang)).toBe("de");
    for (const text of await wordsOf(page)) {
      if (!ownWords(text) && isEnglish(text)) english.push(`${scene.name}: ${text}`);
    }
    await scene.leave?.(app, account);
  }
  expect(english).toEqual([]);
});

test("the language is chosen in the settings and stays", async ({ devices, account }) => {
  const { page, app } = await devices.signedIn(account);
  await app.open("/settings/appearance");
  const choice = page
    .getByLabel("Language")
    .or(page.getByRole("radio", { name: "Deutsch" }))
    .first();
  if ((await choice.evaluate((one) => one.tagName)) === "SELECT") await choice.selectOption({ label: "Deutsch" });
  else await choice.click();
  await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe("de");
  await page.reload();
  await expect.poll(() => page.evaluate(() => document.documentElement.lang)).toBe("de");
});

/** What people wrote is in whatever language they like. */
const written = demoNotes.map((note) => `${note.title}\n${note.body}`).join("\n");
const ownWords = (text: string): boolean =>
  written.includes(text) || demoNotes.some((note) => text.includes(note.title));

/** Everything that is read, by eye or by ear, apart from what people wrote themselves. */
function wordsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const said = new Set<string>();
    const add = (text: string | null | undefined): void => {
      const trimmed = text?.trim();
      if (trimmed && /\p{L}{2}/u.test(trimmed)) said.add(trimmed);
    };
    add(document.title);
    for (const element of document.querySelectorAll("body *")) {
      if (element.closest("script, style, noscript, .cm-content, [data-note], [role=option]")) continue;
      for (const name of ["aria-label", "title", "placeholder", "aria-description", "alt"])
        add(element.getAttribute(name));
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) add(node.textContent);
    }
    return [...said];
  });
}

/** Matches whatever a message of the English catalogue can look like, unless German says the same. */
const messages: RegExp[] = (Object.keys(en) as MessageKey[]).flatMap((key) => {
  const texts = (message: (typeof en)[MessageKey]): string[] =>
    typeof message === "string" ? [message] : Object.values(message);
  const german = new Set(texts(de[key]));
  return (
    texts(en[key])
      .filter((text) => !german.has(text))
      // A message that is all places matches everything.
      .filter((text) => /\p{L}{2}/u.test(text.replaceAll(/\{\w+\}/g, "")))
      .map(
        (text) =>
          new RegExp(
            `^${text
              .split(/\{\w+\}/)
              .map(escaped)
              .join(".+")}$`,
            "u",
          ),
      )
  );
});

/** Words that German uses as well, in other messages. */
const shared = new Set(
  Object.values(de).flatMap((message) => (typeof message === "string" ? [message] : Object.values(message))),
);

const isEnglish = (text: string): boolean => !shared.has(text) && messages.some((message) => message.test(text));

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
