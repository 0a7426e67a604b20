/**
 * Everything that goes wrong in a page without being seen on it: errors on the console, exceptions, violations of the content
 * security policy, requests that failed or were refused. A journey that does not announce them fails.
 */
import type { BrowserContext, Page } from "playwright-core";

/** Requests that the app takes back itself (typing on in the search) are no failures. */
const TAKEN_BACK = "net::ERR_ABORTED";

export class Watch {
  private readonly seen: string[] = [];
  private readonly allowed: RegExp[] = [];

  /** From now on this is part of the journey. Matched against lines such as `503 PATCH /api/v1/notes/…`. */
  allow(...expected: RegExp[]): void {
    this.allowed.push(...expected);
  }

  /** What nobody announced. */
  get unexpected(): string[] {
    return this.seen.filter((line) => !this.allowed.some((one) => one.test(line)));
  }

  async attach(context: BrowserContext): Promise<void> {
    await context.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) => {
        console.error(
          `policy: ${event.violatedDirective} blocked ${event.blockedURI || event.sample} in ${event.sourceFile}`,
        );
      });
    });
    context.on("page", (page) => this.follow(page));
    for (const page of context.pages()) this.follow(page);
  }

  private follow(page: Page): void {
    page.on("console", (message) => {
      if (message.type() !== "error") return;
      // Chromium writes a line for each answer above 399; the answer itself is watched below, with its method.
      if (message.text().startsWith("Failed to load resource")) return;
      this.seen.push(`console ${message.text()}`);
    });
    page.on("pageerror", (error) => this.seen.push(`exception ${error.stack ?? error.message}`));
    page.on("crash", () => this.seen.push("crash of the page"));
    page.on("requestfailed", (request) => {
      const reason = request.failure()?.errorText ?? "for no reason";
      if (reason !== TAKEN_BACK) this.seen.push(`${reason} ${request.method()} ${pathOf(request.url())}`);
    });
    page.on("response", (response) => {
      if (response.status() < 400) return;
      this.seen.push(`${response.status()} ${response.request().method()} ${pathOf(response.url())}`);
    });
  }
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url);
  return pathname + search;
}
