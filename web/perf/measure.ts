/**
 * `make web-perf`: measures the app in the browser against the release binary, over TLS and HTTP/2, and prints tables. With
 * `--write` they also become the section “The app in the browser” of `docs/performance.md`.
 *
 * Speed depends on the machine, so this is a command and no test; it ends with 1 when an aim was missed.
 */
import { readFile, writeFile } from "node:fs/promises";
import { cpus, loadavg, release, totalmem } from "node:os";
import { fileURLToPath, URL } from "node:url";
import { App } from "../e2e/support/app";
import { launch } from "../e2e/support/browser";
import { Server } from "../e2e/support/server";
import { type Aim, aims, atLeast, atMost, median, number, percentile, table } from "./figures";
import { lighthouseReports, type Report } from "./lighthouse";
import { opening } from "./opening";
import { type Scrolling, scrolling } from "./scrolling";
import { seed } from "./store";

const document = fileURLToPath(new URL("../../docs/performance.md", import.meta.url));
const HEADING = "## The app in the browser";

const FEW = 200;
const MANY = Number(process.env.NOTES ?? 50_000);

const load = loadavg()[0] ?? 0;
const server = await Server.start({ tls: true });
try {
  const [few, many] = [await server.account(), await server.account()];
  await seed(server, few, FEW);
  const reports = await lighthouseReports(server, few);

  const browser = await launch("--ignore-certificate-errors");
  const signedIn = async (account: typeof few): Promise<App> => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, viewport: { width: 1280, height: 800 } });
    const app = new App(await context.newPage(), server);
    await app.signIn(account);
    return app;
  };
  const chromium = browser.version();
  const opened = await opening((await signedIn(few)).page, FEW);
  await seed(server, many, MANY);
  const scrolled = await scrolling((await signedIn(many)).page);
  await browser.close();

  const list = judge(reports, opened, scrolled);
  const text = say(chromium, reports, opened, scrolled, list);
  console.log(text);
  for (const report of reports) {
    if (report.failed.length > 0) console.log(`${report.page}, below the best: ${report.failed.join(", ")}`);
  }
  if (process.argv.includes("--write")) await write(text);
  if (list.some((aim) => !aim.met)) process.exitCode = 1;
} finally {
  await server.dispose();
}

function judge(reports: Report[], opened: number[], scrolled: Scrolling): Aim[] {
  return [
    ...reports.flatMap((report) => [
      atLeast(`${report.page}: performance`, 90, report.scores.performance),
      atLeast(`${report.page}: accessibility`, 100, report.scores.accessibility),
      atLeast(`${report.page}: best practices`, 100, report.scores["best-practices"]),
      atLeast(`${report.page}: SEO`, 100, report.scores.seo),
      atMost(`${report.page}: largest contentful paint, ms`, 1800, report.lcp),
      atMost(`${report.page}: cumulative layout shift`, 0, report.cls),
    ]),
    atMost("opening a note, p95, ms", 100, percentile(opened, 0.95)),
    atMost(`scrolling ${number(MANY)} notes: longest task, ms`, 100, Math.max(0, ...scrolled.longTasks)),
  ];
}

function say(chromium: string, reports: Report[], opened: number[], scrolled: Scrolling, list: Aim[]): string {
  const pages = reports.map((report) => [
    report.page,
    ...[report.scores.performance, report.scores.accessibility, report.scores["best-practices"], report.scores.seo],
    ...[report.fcp, report.lcp, report.tbt, report.cls.toFixed(3), report.bytes / 1000],
  ]);
  return [
    HEADING,
    "",
    "One run of `make web-perf`: the release binary over TLS and HTTP/2 on loopback, headless Chromium without a graphics card.",
    "",
    `- Machine: ${cpus().length} cores of ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}`,
    `- Load average before: ${number(load)}; Chromium ${chromium}; Node ${process.version}`,
    "- Lighthouse 12, medians of 5 runs with an empty cache, its mobile form factor with simulated throttling (1.6 Mbit/s, 150 ms",
    "  round trip, processor four times slower)",
    "",
    table(
      ["Page", "performance", "accessibility", "best practices", "SEO", "FCP ms", "LCP ms", "TBT ms", "CLS", "KB sent"],
      pages,
    ),
    "",
    table(
      ["Unthrottled, 1280 × 800", "median", "p95", "longest"],
      [
        [
          "opening a note, from the press to its text, ms",
          median(opened),
          percentile(opened, 0.95),
          Math.max(...opened),
        ],
        [
          `frame while scrolling ${number(MANY)} notes (${number(scrolled.pixels)} px), ms`,
          median(scrolled.frames),
          percentile(scrolled.frames, 0.95),
          Math.max(...scrolled.frames),
        ],
      ],
    ),
    "",
    `Tasks over 50 ms while scrolling: ${scrolled.longTasks.length}.`,
    "",
    aims(list),
    "",
  ].join("\n");
}

/** Puts the section in the place of its last edition, or at the end. */
async function write(text: string): Promise<void> {
  const before = await readFile(document, "utf8");
  const start = before.indexOf(HEADING);
  if (start < 0) return writeFile(document, `${before.trimEnd()}\n\n${text}`);
  const next = before.indexOf("\n## ", start + 1);
  await writeFile(document, before.slice(0, start) + text + (next < 0 ? "" : before.slice(next)));
}
