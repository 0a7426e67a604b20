/**
 * The journeys in a real browser against the real binary. Vitest runs them because it is here already: one runner, one way of
 * stating a test, TypeScript without a build, and fixtures per file. What Playwright's own runner has on top (projects,
 * sharding, its HTML report) is not needed for one browser on one machine.
 */
import { fileURLToPath, URL } from "node:url";
import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": fileURLToPath(new URL("../src", import.meta.url)) } },
  test: {
    root: fileURLToPath(new URL("..", import.meta.url)),
    include: ["e2e/journeys/**/*.test.ts"],
    globalSetup: ["./e2e/support/preconditions.ts"],
    environment: "node",
    // A browser and a server for each file in work: as many as there are cores is enough.
    maxWorkers: 2,
    expect: { poll: { timeout: 15_000, interval: 50 } },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A busy machine is no defect of the app. The report names every journey that needed its second try; one that does so twice
    // in a week has found something.
    retry: 1,
  },
});
