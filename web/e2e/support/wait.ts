/** Waiting for what a person would wait for. Nothing here waits for time to pass. */
import type { Locator } from "playwright-core";

export const seen = (what: Locator): Promise<void> => what.first().waitFor({ state: "visible" });

export const gone = (what: Locator): Promise<void> => what.first().waitFor({ state: "hidden" });
