/**
 * axe on every scene in one colour scheme, at the width of a phone and of a desk. Two files use it, one for each scheme, so that
 * they run side by side.
 */
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { seedDemo } from "../demo/store";
import { desktop, expect, journeys, phone } from "./journey";
import { existsAt, scenes } from "./scenes";

/** Long enough for all scenes one after the other. */
const ALL_SCENES_MS = 240_000;

/** The rules that a page breaks as it stands, and where. */
export async function brokenRules(page: Page): Promise<string[]> {
  // There are no frames, and the other mode opens a page of its own for each check.
  const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map((node) => `${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`),
  );
}

export function accessibilityOf(colorScheme: "light" | "dark"): void {
  const test = journeys({ named: true });
  for (const [device, options] of Object.entries({ phone, desktop })) {
    test(`no page breaks a rule of accessibility (${device}, ${colorScheme})`, { timeout: ALL_SCENES_MS }, async ({
      server,
      devices,
    }) => {
      const account = await seedDemo(server);
      const visitor = await devices.open({ ...options, colorScheme });
      const person = await devices.signedIn(account, { ...options, colorScheme, reducedMotion: "reduce" });
      const broken: string[] = [];
      for (const scene of scenes) {
        if (!existsAt(scene, options.viewport.width)) continue;
        const { app, page, watch } = scene.visitor ? visitor : person;
        watch.allow(/^404 GET/, /^412 PATCH/, /ERR_INTERNET_DISCONNECTED/);
        await scene.reach(app, account);
        for (const rule of await brokenRules(page)) broken.push(`${scene.name}: ${rule}`);
        await scene.leave?.(app, account);
      }
      expect(broken).toEqual([]);
    });
  }
}
