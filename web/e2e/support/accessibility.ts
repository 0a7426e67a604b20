/**
 * axe on every scene in one colour scheme, at the width of a phone and of a desk. Two files use it, one for each scheme, so that
 * they run side by side.
 */
import AxeBuilder from "@axe-core/playwright";
import { seedDemo } from "../demo/store";
import { desktop, expect, journeys, phone } from "./journey";
import { existsAt, scenes } from "./scenes";

/** Long enough for all scenes one after the other. */
const ALL_SCENES_MS = 240_000;

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
        // There are no frames, and the other mode opens a page of its own for each check.
        const { violations } = await new AxeBuilder({ page }).setLegacyMode(true).analyze();
        for (const { id, nodes } of violations) {
          for (const node of nodes)
            broken.push(`${scene.name}: ${id}: ${node.html.slice(0, 200)} ${node.failureSummary}`);
        }
        await scene.leave?.(app, account);
      }
      expect(broken).toEqual([]);
    });
  }
}
