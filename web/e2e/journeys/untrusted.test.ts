/**
 * Text that wants to be more than text, in every place where the app shows what people wrote. Nothing of it runs, asks another server
 * for anything, or has to be stopped by the page's policy.
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Marked } from "marked";
import { type Page, request } from "playwright-core";
import type { Account } from "../support/account";
import { type Device, expect, journeys } from "../support/journey";
import { faultsOf, Sentinel } from "../support/sentinel";
import { seen } from "../support/wait";
import type { MessageKey } from "../support/words";
import { names, packed, payloads } from "../support/xss-corpus";
import { namesIn } from "../support/zip";

const test = journeys({ mail: true, env: { INKSTONE_SIGNUP: "invite" } });

const some = <T>(list: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));

/** The server takes no U+0000. A note's worth of payloads, each a paragraph of its own; and as items of a list, where none swallows what follows, from the last. */
const texts = payloads.map(({ text }) => text.replaceAll("\0", "\u0001"));
const paragraphs = some(texts, 120).map((few) => few.join("\n\n"));
const items = some(texts.toReversed(), 120).map((few) =>
  few.map((text) => `- ${text.replaceAll("\n", "\n  ")}`).join("\n"),
);

interface Watched extends Device {
  sentinel: Sentinel;
}

/** Nothing has happened, and nothing stands there that could. */
async function quiet({ page, sentinel }: Watched, where: string): Promise<void> {
  const faults = await faultsOf(page);
  expect([...sentinel.seen, ...faults], where).toEqual([]);
}

async function watched(device: Device, origin: string): Promise<Watched> {
  const sentinel = await Sentinel.on(device.context, origin);
  // Scripts that belong to a page from its start.
  await device.page.reload();
  await seen(device.app.searchBox);
  return { ...device, sentinel };
}

/** Sends all of that, some at a time; answers how many were taken. */
async function seed<T>(things: T[], send: (thing: T) => Promise<{ ok(): boolean }>): Promise<number> {
  let taken = 0;
  for (const few of some(things, 12)) {
    const answers = await Promise.all(few.map(send));
    taken += answers.filter((answer) => answer.ok()).length;
  }
  return taken;
}

test("the corpus runs where nothing keeps it from running", { timeout: 120_000 }, async ({ browser }) => {
  expect(new Set(payloads.map(({ text }) => text)).size).toBeGreaterThanOrEqual(500);
  const strict = "default-src 'none'";
  const server = createServer((asked, answer) => {
    if (asked.url === "/strict") answer.setHeader("Content-Security-Policy", strict);
    answer.setHeader("Content-Type", "text/html").end("<!doctype html><title>-</title><img src=x onerror=xss(-1)>");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const context = await browser.newContext();
  const sentinel = await Sentinel.on(context, origin);
  const page = await context.newPage();
  await page.goto(`${origin}/strict`);
  await expect.poll(() => sentinel.seen.filter((one) => one.startsWith("policy "))).not.toEqual([]);

  await page.goto(`${origin}/`);
  const marked = new Marked({ gfm: true, async: false });
  for (const few of some(payloads, 50)) {
    await runUnguarded(
      page,
      few.map(({ text }) => marked.parse(text, { async: false })),
    );
  }
  await runUnguarded(page, ["<script>alert(1)</script>", "<script>open('about:blank#x')</script>"]);
  await expect.poll(() => sentinel.seen.filter((one) => one === "dialog 1")).not.toEqual([]);
  const numbers = (what: RegExp) => new Set(sentinel.seen.flatMap((one) => what.exec(one)?.[1] ?? []));
  expect(numbers(/^ran (?:Uncaught )?(\d+)$/).size, "payloads that ran").toBeGreaterThan(250);
  expect(numbers(/^asked https?:\/\/(?:[^/]*@)?xss\.test\/(\d+)/).size, "payloads that asked").toBeGreaterThan(40);
  for (const sign of ["frame ", "window "])
    expect(
      sentinel.seen.some((one) => one.startsWith(sign)),
      sign,
    ).toBe(true);
  expect((await faultsOf(page)).length, "what stands there").toBeGreaterThan(0);
  await context.close();
  server.close();
});

/** Each in a frame of its own, so that one which leaves takes no other along; then everything is pressed. */
async function runUnguarded(page: Page, texts: string[]): Promise<void> {
  await page.evaluate(async (pieces) => {
    const frames = pieces.map((piece) => {
      const frame = document.createElement("iframe");
      // May do anything but take the whole page along.
      frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-popups allow-modals allow-forms");
      frame.srcdoc = piece;
      document.body.append(frame);
      return frame;
    });
    const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));
    await wait(400);
    for (const frame of frames) {
      try {
        for (const link of frame.contentDocument?.querySelectorAll<HTMLElement>("a, button, p, area") ?? []) {
          link.click();
          link.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
        }
      } catch {
        // It has gone to another origin.
      }
    }
    await wait(200);
    // The last ones stay, to be looked at.
    for (const frame of frames.slice(1)) frame.remove();
  }, texts);
}

test("notes full of it are read, previewed, edited and pasted", { timeout: 300_000 }, async ({
  server,
  devices,
  account,
}) => {
  const ids: string[] = [];
  for (const body of [...paragraphs, ...items]) ids.push((await account.note({ title: "Payloads", body })).id);
  const device = await watched(await devices.signedIn(account), server.origin);
  const { page, app } = device;
  for (const [at, id] of ids.entries()) {
    await app.open(`/notes/${id}`);
    await seen(app.editor);
    // Far down something else is drawn.
    await app.editor.click();
    await page.keyboard.press("Control+End");
    await quiet(device, `note ${at}, where it is written`);
    await page.keyboard.press("Control+Shift+p");
    // One payload may have taken all that follows along.
    await page.locator(".prose .section").first().waitFor({ state: "attached" });
    await expect.poll(() => page.locator(".prose > [role=status]").count()).toBe(0);
    await touchEverything(page);
    await quiet(device, `note ${at}, where it is read`);
    await page.keyboard.press("Control+Shift+p");
  }
  await app.open("/");
  const pasted = await app.write("Before ");
  for (const few of some(payloads, 40)) {
    await app.paste("text/html", `<p>a <b>b</b></p>${few.map(({ text }) => text).join("\n")}`);
    await quiet(device, "after a paste");
  }
  for (const { text } of payloads.filter((_, at) => at % 5 === 0)) await app.paste("text/html", `<b>b</b>${text}`);
  await quiet(device, "after pastes one by one");
  await app.saved();
  await page.keyboard.press("Control+Shift+p");
  await seen(page.locator(".prose .section"));
  await quiet(device, `what was pasted, ${pasted}`);
});

/** The pointer over everything, and the focus into it: what waits for either has its chance. */
async function touchEverything(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const element of document.querySelectorAll<HTMLElement>(".section *")) {
      for (const name of ["pointerover", "mouseover", "pointerdown", "mousedown", "mouseup"]) {
        element.dispatchEvent(new MouseEvent(name, { bubbles: true }));
      }
      element.focus();
      element.dispatchEvent(new Event("toggle"));
    }
  });
}

test("lists, trees, searches, suggestions and dialogs say it as it is", { timeout: 150_000 }, async ({
  server,
  devices,
  account,
}) => {
  const titles = packed(480).map((title) => title.replaceAll(/\p{Cc}/gu, " "));
  expect(await seed(titles, (title) => account.answer("POST", "/notes", { title, body: title }))).toBeGreaterThan(60);
  const tags = packed(95, names);
  const tagged = some(tags, 90).map((few) => ({ body: "Tagged", tags: few }));
  expect(await seed(tagged, (note) => account.answer("POST", "/notes", note))).toBeGreaterThan(2);
  expect(await seed(tags, (name) => account.answer("POST", "/notebooks", { name }))).toBeGreaterThan(200);
  const first = titles.find((title) => title.includes("onerror")) as string;
  await account.patch((await account.note({ title: first, body: "Gone" })).id, { tags: [tags[3] as string] });

  const device = await watched(await devices.signedIn(account), server.origin);
  const { page, app } = device;
  await seen(app.entry("onerror"));
  await expect.poll(() => page.getByRole("navigation").getByRole("link").count()).toBeGreaterThan(200);
  await quiet(device, "the sidebar");
  const list = page.getByRole("list", { name: app.say("list.label") });
  for (let last = ""; ; ) {
    await quiet(device, "the list");
    await list.getByRole("link").last().scrollIntoViewIfNeeded();
    const now = (await list.getByRole("link").last().textContent()) ?? "";
    if (now === last) break;
    last = now;
  }

  for (const words of ["xss", "script", "img", "onerror", "javascript", "src"]) {
    await app.open(`/?q=${words}`);
    await seen(list.locator("mark"));
    await quiet(device, `the search for ${words}`);
  }
  const sought = packed(900).filter((_, at) => at % 6 === 0);
  for (const q of sought) {
    await app.open(
      `/?q=${encodeURIComponent(q)}&tag=${encodeURIComponent(q.slice(0, 90))}&notebook=${encodeURIComponent(q)}`,
    );
    await seen(app.searchBox);
    await page.waitForLoadState("networkidle");
    await quiet(device, `the address ${q}`);
  }
  device.watch.allow(/^(400|404|422) GET/);
  for (const q of sought.slice(0, 4)) {
    await app.open("/");
    await app.searchBox.fill(q);
    await page.keyboard.press("Enter");
    await page.waitForURL(/[?&]q=/);
    // Who leaves the field has found what was sought.
    await app.searchBox.blur();
  }
  await app.searchBox.fill("");
  await app.searchBox.click();
  await seen(page.locator("#recent-searches"));
  await quiet(device, "what was searched for last");

  for (const words of ["xss", "script", "onerror"]) {
    await page.keyboard.press("Control+k");
    await seen(app.palette);
    await page.keyboard.type(words);
    await seen(app.palette.getByRole("option").filter({ hasText: words }));
    await quiet(device, "the palette");
    await page.keyboard.press("Escape");
  }

  await app.open("/");
  await app.entry("onerror").first().click();
  const tag = app.note.getByRole("combobox", { name: app.say("notes.tags.add") });
  await seen(tag);
  await tag.fill("s");
  await seen(page.getByRole("option"));
  await quiet(device, "suggested tags");
  await page.keyboard.press("Escape");
  await app.button(app.say("notes.more")).click();
  await page.getByRole("menuitem", { name: /trash/i }).click();
  await quiet(device, "what is said of a note in the trash");
});

/** Where what the API says is shown, with what stands in for the answer's own texts. */
const pages: { section: string; path: string; title: MessageKey; admin?: boolean }[] = [
  { section: "profile", path: "/me", title: "settings.profile" },
  { section: "security", path: "/me/passkeys", title: "settings.security" },
  { section: "sessions", path: "/me/sessions", title: "settings.sessions" },
  { section: "api-keys", path: "/me/api-keys", title: "settings.apiKeys" },
  { section: "activity", path: "/me/activity", title: "settings.activity" },
  { section: "users", path: "/admin/users", title: "settings.users" },
  { section: "invites", path: "/admin/invites", title: "settings.invites" },
  { section: "audit", path: "/admin/audit", title: "settings.audit" },
  { section: "data", path: "/jobs", title: "settings.data" },
];

test("settings and administration say it as it is", { timeout: 120_000 }, async ({ server, devices }) => {
  const admin = await server.account({ admin: true, name: (packed(100, names)[0] as string).slice(0, 100) });
  const agents = packed(400).map((agent) => agent.replaceAll(/[^\x20-\x7e]/g, "?"));
  // What the server itself takes: names of keys, devices, refused addresses, invitations.
  await seed(packed(95, names).slice(0, 40), (name) =>
    admin.answer("POST", "/me/api-keys", { name, scopes: ["read"] }),
  );
  await seed(agents.slice(0, 25), (agent) => signIn(server.url("/api/v1/auth/login"), admin, agent));
  const invited = await seed(
    payloads.map(({ text }) => text),
    (email) => admin.answer("POST", "/admin/invites", { email, role: "member" }),
  );
  expect(invited).toBeLessThan(payloads.length / 20);
  const device = await watched(await devices.signedIn(admin), server.origin);
  const { page, app } = device;
  for (const { section, title } of pages) {
    await app.open(`/settings/${section}`);
    await seen(page.getByRole("heading", { name: app.say(title), exact: true, level: 1 }));
    await page.waitForLoadState("networkidle");
    await quiet(device, `${section} as the server has it`);
  }
  // And what no server would send: every text of every row is a piece of the corpus.
  const pieces = packed(300);
  for (const { section, path, title } of pages) {
    let fed = 0;
    await page.route(new RegExp(`/api/v1${path}(\\?|$)`), async (route) => {
      if (route.request().method() !== "GET") return route.fallback();
      const answer = await route.fetch();
      fed += 1;
      await route.fulfill({ response: answer, json: poisoned(await answer.json(), pieces) });
    });
    await app.open(`/settings/${section}`);
    await page.waitForLoadState("networkidle");
    await quiet(device, `${section} as nobody has it`);
    expect(fed, title).toBeGreaterThan(0);
    await page.unroute(new RegExp(`/api/v1${path}(\\?|$)`));
  }
});

/** The same answer with as many rows as there are pieces, and a piece in place of every text that is no id, time or known word. */
function poisoned(answer: unknown, pieces: string[]): unknown {
  let at = 0;
  const kept = /^([0-9a-f]{8}-[0-9a-f-]{27}|\d{4}-\d\d-\d\dT.*|[a-z][a-z._-]{1,24}|)$/;
  const fill = (value: unknown, key: string): unknown => {
    if (typeof value === "string") {
      const word = kept.test(value) && !/name|email|agent|address|error|detail/.test(key);
      return word ? value : pieces[at++ % pieces.length];
    }
    if (Array.isArray(value)) return value.map((one) => fill(one, key));
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, fill(one, name)]));
  };
  const { items } = answer as { items?: unknown[] };
  if (!items?.length) return fill(answer, "");
  const rows = Math.ceil(pieces.length / 2);
  const more = Array.from({ length: rows }, (_, row) => ({
    ...(fill(items[row % items.length], "") as object),
    id: `0190b0b0-0000-7000-8000-${String(row).padStart(12, "0")}`,
  }));
  return { ...(answer as object), items: more, next_cursor: null };
}

async function signIn(url: string, account: Account, agent: string): Promise<{ ok(): boolean }> {
  const visitor = await request.newContext({ userAgent: agent });
  const answer = await visitor.post(url, {
    data: { email: account.email, password: account.password, token_delivery: "body" },
  });
  await visitor.dispose();
  return answer;
}

test("answers that a browser opens by themselves are data, and pages stay the app's", { timeout: 120_000 }, async ({
  server,
  devices,
  account,
}) => {
  const notes: string[] = [];
  for (const body of [...paragraphs, ...items]) notes.push((await account.note({ title: "Payloads", body })).id);
  const device = await watched(await devices.signedIn(account), server.origin);
  const { page, app, watch } = device;
  // What is blocked there are the eyes of this test, which Playwright puts into every page.
  watch.allow(
    /^(400|404|422) GET/,
    /Blocked script execution in '[^']*\/html' because the document's frame is sandboxed/,
  );
  for (const id of notes) {
    const answer = await page.goto(server.url(`/api/v1/notes/${id}/html`));
    expect(answer?.headers()["content-security-policy"]).toMatch(/^sandbox (?!.*allow-scripts)/);
    expect(await page.locator("body").textContent()).not.toBe("");
    await quiet(device, `note ${id} as HTML`);
  }
  const q = encodeURIComponent("<img src=x onerror=xss(1)>");
  const opened = ["/notes?include=body", `/search?q=${q}`, `/notes/${q}`, `/${q}`, `/notes?${q}=1`, `/tags/${q}`];
  for (const path of opened) {
    const answer = await page.goto(server.url(`/api/v1${path}`));
    expect(answer?.headers()["content-type"], path).toMatch(/^application\/(problem\+)?json/);
    expect(answer?.headers()["x-content-type-options"], path).toBe("nosniff");
    expect(device.sentinel.seen, path).toEqual([]);
  }
  for (const { text } of payloads.filter((_, at) => at % 25 === 0)) {
    await page.goto(server.url(`/${encodeURIComponent(text.replaceAll("\0", ""))}`)).catch(() => undefined);
    await quiet(device, `the path ${text}`);
  }
  await app.open("/");
  await seen(app.searchBox);
});

test("an export has no name that leaves its folder, and brings everything back", { timeout: 120_000 }, async ({
  server,
  account,
}) => {
  const titles = packed(300).map((title) => title.replaceAll(/\p{Cc}/gu, " "));
  await seed(packed(95, names).slice(0, 100), (name) => account.answer("POST", "/notebooks", { name }));
  const notebooks = await account.notebooks();
  await seed(payloads, ({ text, number }) =>
    account.answer("POST", "/notes", {
      title: text.replaceAll(/\p{Cc}/gu, " "),
      body: text,
      notebook_id: notebooks[number % notebooks.length]?.id,
    }),
  );
  await seed(titles, (title) => account.answer("POST", "/notes", { title, body: title }));
  const job = await account.exportNotes();
  const archive = await (await account.answer("GET", `/exports/${job.id}`)).body();
  const files = namesIn(archive);
  expect(files.length).toBeGreaterThan(1000);
  for (const file of files) {
    expect(file).not.toMatch(/^[/\\~-]|^[a-z]:|[<>:"|?*\\\p{Cc}\u202a-\u202e\u2066-\u2069]/iu);
    for (const part of file.replace(/\/$/, "").split("/")) expect(part, file).not.toMatch(/^\.{1,2}$|^$|^\./);
    expect(file).toMatch(/\.(md|json|txt)$|\/$/);
  }
  const other = await server.account();
  await other.importArchive(archive);
  const bodies = async (who: Account) => (await allBodies(who)).toSorted();
  expect((await bodies(other)).join("\u0001") === (await bodies(account)).join("\u0001")).toBe(true);
});

async function allBodies(who: Account): Promise<string[]> {
  const bodies: string[] = [];
  for (let cursor = ""; ; ) {
    const answer = await who.answer("GET", `/notes?include=body&limit=200${cursor && `&cursor=${cursor}`}`);
    const { items: notes, next_cursor } = await answer.json();
    bodies.push(...notes.map((note: { title: string; body: string }) => `${note.title}\n${note.body}`));
    if (!next_cursor) return bodies;
    cursor = encodeURIComponent(next_cursor);
  }
}

test("letters are plain text to one person, whatever was asked for", async ({ server }) => {
  const admin = await server.account({ admin: true });
  const agents = packed(300).map((agent) => agent.replaceAll(/[^\x20-\x7e]/g, "?"));
  for (const [at, agent] of agents.filter((_, nth) => nth % 12 === 0).entries()) {
    const person = await server.account({ name: (names[at * 7] as string).slice(0, 100) });
    const visitor = await request.newContext({ userAgent: agent });
    await visitor.post(server.url("/api/v1/auth/reset"), { data: { email: person.email } });
    await visitor.dispose();
    checked(await server.letters.letterTo(person.email), person.email);
  }
  const injected = [
    "guest@example.org\r\nBcc: eve@xss.test",
    "guest@example.org, eve@xss.test",
    "a <guest@example.org>",
  ];
  for (const email of injected) {
    expect((await admin.answer("POST", "/admin/invites", { email, role: "member", send: true })).status()).toBe(422);
  }
});

function checked(letter: Awaited<ReturnType<import("../support/mailbox").Mailbox["letterTo"]>>, email: string): void {
  expect(letter.html).toBeUndefined();
  expect(letter.to?.map(({ address }) => address)).toEqual([email]);
  expect([letter.cc, letter.bcc, letter.attachments.length]).toEqual([undefined, undefined, 0]);
  const known =
    /^(from|to|subject|date|message-id|mime-version|content-type|content-transfer-encoding|auto-submitted)$/;
  for (const { key } of letter.headers) expect(key).toMatch(known);
  expect(letter.headers.find(({ key }) => key === "content-type")?.value).toMatch(/^text\/plain/);
}
