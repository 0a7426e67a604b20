/**
 * The app as a person uses it: what is done more than once in the journeys, by role and label alone.
 */
import type { Page } from "playwright-core";
import type { Account } from "./account";
import type { Server } from "./server";

export class App {
  constructor(
    readonly page: Page,
    private readonly server: Server,
  ) {}

  /** Opens a path of the app: `/`, `/login`. */
  async open(path = "/"): Promise<void> {
    await this.page.goto(this.server.url(path));
  }

  async signIn(account: Account): Promise<void> {
    await this.open("/login");
    await this.page.getByLabel("Email").fill(account.email);
    await this.page.getByLabel("Password", { exact: true }).fill(account.password);
    await this.page.getByRole("button", { name: "Sign in" }).click();
  }
}
