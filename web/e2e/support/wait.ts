/** Waiting for what a person would wait for. Nothing here waits for time to pass. */
import type { Locator, Page } from "playwright-core";

export const seen = (what: Locator): Promise<void> => what.first().waitFor({ state: "visible" });

export const gone = (what: Locator): Promise<void> => what.first().waitFor({ state: "hidden" });

/** The stream of changes is there, and what came before it has been looked at. Asked for before the page is opened. */
export const listening = (page: Page): Promise<unknown> =>
  page.waitForRequest((request) => new URL(request.url()).pathname.endsWith("/api/v1/events"));
