/**
 * Lighthouse on the page where one signs in and on the list of somebody who is signed in, each with its cache empty.
 *
 * Mobile form factor with Lighthouse's own simulated throttling (1.6 Mbit/s, 150 ms round trip, four times slower processor): the
 * setting that budgets are stated in. Its storage reset empties caches and service workers before each run and leaves cookies and
 * local storage alone, so a signed-in person stays signed in and nothing comes from a cache.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import lighthouse from "lighthouse";
import { chromium } from "playwright-core";
import type { Account } from "../e2e/support/account";
import { App } from "../e2e/support/app";
import { chromiumArgs } from "../e2e/support/browser";
import { chromiumPath } from "../e2e/support/paths";
import { freePort } from "../e2e/support/port";
import type { Server } from "../e2e/support/server";
import { median } from "./figures";

const RUNS = 5;

const categories = ["performance", "accessibility", "best-practices", "seo"] as const;
type Category = (typeof categories)[number];

/** The part of Lighthouse's result that is read here; the package's own types do not reach an ES module. */
interface Result {
  runtimeError?: { message: string };
  audits: Record<string, { id: string; score: number | null; numericValue?: number }>;
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
}

export interface Report {
  page: string;
  /** Medians, 0 to 100. */
  scores: Record<Category, number>;
  /** Medians, milliseconds; the shift has no unit. */
  fcp: number;
  lcp: number;
  tbt: number;
  cls: number;
  /** Bytes over the wire, median. */
  bytes: number;
  /** Audits below their best in the last run, by id: what to look at. */
  failed: string[];
}

export async function lighthouseReports(server: Server, account: Account): Promise<Report[]> {
  const profile = await mkdtemp(join(tmpdir(), "inkstone-perf-"));
  const port = await freePort();
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: chromiumPath,
    ignoreHTTPSErrors: true,
    args: [...chromiumArgs, "--ignore-certificate-errors", `--remote-debugging-port=${port}`],
  });
  try {
    const login = await report("sign in", server.url("/login"), port);
    const page = await context.newPage();
    await new App(page, server).signIn(account);
    await page.close();
    return [login, await report("list of notes", server.url("/"), port)];
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true });
  }
}

async function report(page: string, url: string, port: number): Promise<Report> {
  const runs: Result[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const result = await lighthouse(url, { port, logLevel: "error", output: "json", onlyCategories: [...categories] });
    if (!result) throw new Error(`Lighthouse gave no result for ${url}`);
    const lhr: Result = result.lhr;
    if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
    runs.push(lhr);
  }
  const audit = (id: string): number => median(runs.map((run) => run.audits[id]?.numericValue ?? Number.NaN));
  const score = (id: Category): number => median(runs.map((run) => (run.categories[id]?.score ?? 0) * 100));
  const weighty = new Set(
    categories.flatMap((id) =>
      runs
        .at(-1)
        ?.categories[id]?.auditRefs.filter((ref) => ref.weight > 0)
        .map((ref) => ref.id),
    ),
  );
  return {
    page,
    scores: Object.fromEntries(categories.map((id) => [id, score(id)])) as Record<Category, number>,
    fcp: audit("first-contentful-paint"),
    lcp: audit("largest-contentful-paint"),
    tbt: audit("total-blocking-time"),
    cls: audit("cumulative-layout-shift"),
    bytes: audit("total-byte-weight"),
    failed: Object.values(runs.at(-1)?.audits ?? {})
      .filter((one) => weighty.has(one.id) && one.score !== null && one.score < 1)
      .map((one) => `${one.id} (${one.score})`),
  };
}
