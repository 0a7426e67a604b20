/**
 * The app as a person uses it: what is done more than once in the journeys, by role and label alone.
 *
 * Words come from the message catalogue, so that the same hands drive the app in every language. Journeys themselves say the
 * English words, as somebody would who reads the screen.
 */
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import type { Account } from "./account";
import type { Server } from "./server";
import { seen } from "./wait";
import { de, en, type MessageKey } from "./words";

const catalogues = { en, de };
export type Language = keyof typeof catalogues;

export class App {
  constructor(
    readonly page: Page,
    private readonly server: Server,
    private readonly language: Language = "en",
  ) {}

  /** The same app in another tab. */
  on(page: Page): App {
    return new App(page, this.server, this.language);
  }

  /** A message without places. */
  say(key: MessageKey): string {
    const message = catalogues[this.language][key];
    if (typeof message !== "string") throw new Error(`${key} has plural forms`);
    return message;
  }

  /** Opens a path of the app: `/`, `/login`. */
  async open(path = "/"): Promise<void> {
    await this.page.goto(this.server.url(path));
  }

  /** Fills the form of the sign-in page and waits for the list. */
  async signIn(account: Account): Promise<void> {
    await this.open("/login");
    await this.page.getByLabel(this.say("auth.email")).fill(account.email);
    await this.page.getByLabel(this.say("auth.password"), { exact: true }).fill(account.password);
    await this.button(this.say("auth.login.submit")).click();
    await seen(this.searchBox);
  }

  async signOut(): Promise<void> {
    await this.command(this.say("command.app.signOut"));
    await this.dialog.getByRole("button", { name: this.say("settings.signOut") }).click();
  }

  get searchBox(): Locator {
    return this.page.getByRole("combobox", { name: this.say("search.label") });
  }

  /** The text of the open note, where it is written. */
  get editor(): Locator {
    return this.page.getByRole("textbox", { name: this.say("editor.label"), exact: true });
  }

  /** The open note with its tools. */
  get note(): Locator {
    return this.page.getByRole("article");
  }

  /** Where in the open note a search found something: "1 of 3". */
  get matches(): Locator {
    return this.page.getByRole("group", { name: this.say("search.matches") }).getByRole("status");
  }

  /** How saving stands, in words. */
  get saving(): Locator {
    // The words also carry news for a moment; the attribute is what lasts.
    return this.page.locator("[role=status][data-saving]");
  }

  async saved(): Promise<void> {
    await expect.poll(() => this.saving.getAttribute("data-saving"), { message: "saved" }).toBe("saved");
  }

  /** A note in the list, by its title or a part of it. */
  entry(title: string | RegExp): Locator {
    return this.page.getByRole("list", { name: this.say("list.label") }).getByRole("link", { name: title });
  }

  /** How many notes the list or the search has, in words. */
  get count(): Locator {
    // Beside it stands what is wrong with a query.
    return this.page.getByRole("search").locator("[role=status]:not(#search-problems)");
  }

  /** A line of the sidebar: a place, a notebook, a tag. */
  place(name: string): Locator {
    return this.page.getByRole("navigation").getByRole("link", { name: new RegExp(`^${name}\\b`) });
  }

  get dialog(): Locator {
    return this.page.getByRole("dialog").or(this.page.getByRole("alertdialog"));
  }

  get palette(): Locator {
    return this.page.getByRole("dialog", { name: this.say("command.palette") });
  }

  get backToList(): Locator {
    return this.button(this.say("notes.pane.backToList"));
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole("button", { name });
  }

  /** Makes a note and writes into it. Gives its id once the address names it. */
  async write(text: string): Promise<string> {
    const before = this.page.url();
    await this.button(this.say("nav.new")).first().click();
    await this.page.waitForURL((url) => /\/notes\/[0-9a-f-]{36}$/.test(url.pathname) && url.href !== before);
    await seen(this.editor);
    await this.editor.click();
    await this.page.keyboard.type(text);
    return this.id;
  }

  /** Opens a note from the list and waits for its text. */
  async choose(title: string | RegExp): Promise<void> {
    // Suggestions lie over the list while somebody types.
    if (await this.searchBox.isVisible()) await this.searchBox.blur();
    await this.entry(title).first().click();
    await this.page.waitForURL(/\/notes\/[0-9a-f-]{36}/);
    await seen(this.editor);
  }

  /** Puts the cursor into the open note; on touch that is what turns reading into writing. */
  async edit(): Promise<void> {
    const reading = this.page.getByRole("region", { name: this.say("notes.pane.text"), exact: true });
    await seen(this.editor.or(reading));
    // Where there is a pointer, the editor takes the place of what is read by itself, perhaps in this moment.
    if (!(await this.editor.isVisible())) await reading.click({ timeout: 2_000 }).catch(() => {});
    await this.editor.click();
  }

  /** Types at the end of the open note. */
  async append(text: string): Promise<void> {
    await this.edit();
    await this.page.keyboard.press("Control+End");
    await this.page.keyboard.type(text);
  }

  /** Pastes into what has the focus, as the browser would with that on its clipboard. */
  async paste(type: "text/plain" | "text/html", text: string): Promise<void> {
    await this.editor.evaluate(
      (target, [kind, content]) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData(kind, content);
        if (kind === "text/html") clipboardData.setData("text/plain", content.replaceAll(/<[^>]*>/g, ""));
        target.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
      },
      [type, text] as const,
    );
  }

  async search(words: string): Promise<void> {
    await this.searchBox.fill(words);
  }

  /** Chooses a line of the note's menu. */
  async menu(item: string): Promise<void> {
    await this.button(this.say("notes.more")).click();
    await this.choice(item);
  }

  /** Chooses a line of the menu of a notebook or a tag. */
  async branchMenu(name: string, item: string): Promise<void> {
    const button = this.button(name);
    // It appears under the pointer.
    await button.locator("xpath=..").hover();
    await button.click();
    await this.choice(item);
  }

  private async choice(item: string): Promise<void> {
    await this.page.getByRole("menuitem", { name: new RegExp(`^${item}`) }).click();
  }

  /** Puts a tag on the open note. */
  async tag(name: string): Promise<void> {
    await this.note.getByRole("combobox", { name: this.say("notes.tags.add") }).fill(name);
    await this.page.keyboard.press("Enter");
  }

  /** Runs an action of the palette. */
  async command(name: string): Promise<void> {
    await this.page.keyboard.press("Control+k");
    await seen(this.palette);
    await this.page.keyboard.type(name);
    await this.palette.getByRole("option", { name }).first().click();
  }

  /** Waits until the service worker could start the app without a network. */
  async installed(): Promise<void> {
    await this.page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  }

  /** What happens when somebody returns to a window that lay behind others. */
  async comeBack(): Promise<void> {
    await this.page.evaluate(() => {
      document.dispatchEvent(new Event("visibilitychange"));
      window.dispatchEvent(new Event("focus"));
    });
  }

  /** The name of what has the focus, as it is read out. */
  async focused(): Promise<string> {
    return this.page.evaluate(() => {
      const element = document.activeElement;
      if (!(element instanceof HTMLElement)) return "";
      const labels = element instanceof HTMLInputElement ? [...(element.labels ?? [])] : [];
      return (element.getAttribute("aria-label") ?? labels[0]?.textContent ?? element.textContent ?? "").trim();
    });
  }

  /** Whether it lies within the window and the panes around it. */
  async inView(what: Locator): Promise<boolean> {
    return what.evaluate((element) => {
      const { top, left, width, height } = element.getBoundingClientRect();
      const there = document.elementFromPoint(left + width / 2, top + height / 2);
      return there !== null && (element.contains(there) || there.contains(element));
    });
  }

  /** The id of the open note. */
  get id(): string {
    const id = new URL(this.page.url()).pathname.match(/\/notes\/([0-9a-f-]{36})$/)?.[1];
    if (!id) throw new Error(`no note is open at ${this.page.url()}`);
    return id;
  }
}
