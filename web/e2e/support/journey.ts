/**
 * What a journey gets: a server and a browser for its file, fresh contexts for itself, and eyes on everything that goes wrong
 * without being seen. After a failure there are a screenshot and a trace of each context under `e2e/out/failures`, and the
 * server's log on the terminal.
 */
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { test as base, expect } from "vitest";
import type { Account } from "./account";
import { App } from "./app";
import { launch } from "./browser";
import { out } from "./paths";
import { Server, type ServerOptions } from "./server";
import { Watch } from "./watch";

export { expect };

/** Waits of Playwright; a debug build on a busy machine is slow, and nothing waits longer than it has to. */
const PATIENCE_MS = 15_000;

export interface Device {
  context: BrowserContext;
  page: Page;
  app: App;
  watch: Watch;
}

/** Opens browsers as people have them: each call is another device with an empty profile. */
export interface Devices {
  /** A device that nobody has signed in on. */
  open(options?: BrowserContextOptions): Promise<Device>;
  /** A device where that person is signed in and looks at the list. */
  signedIn(account: Account, options?: BrowserContextOptions): Promise<Device>;
}

interface Fixtures {
  server: Server;
  browser: Browser;
  devices: Devices;
  account: Account;
}

export const desktop = { viewport: { width: 1280, height: 800 } } satisfies BrowserContextOptions;
export const phone = {
  viewport: { width: 390, height: 844 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
} satisfies BrowserContextOptions;

/** The `test` of a file whose server is started with these options; `perTest`: each test has one of its own. */
export function journeys(options: ServerOptions & { perTest?: boolean } = {}) {
  return base.extend<Fixtures>({
    server: [
      // biome-ignore lint/correctness/noEmptyPattern: Vitest reads the fixtures that are wanted from the pattern.
      async ({}, use) => {
        const server = await Server.start(options);
        await use(server);
        await server.dispose();
      },
      { scope: options.perTest ? "test" : "file" },
    ],
    browser: [
      // biome-ignore lint/correctness/noEmptyPattern: as above.
      async ({}, use) => {
        // A certificate that no authority signed stops service workers, whatever a context ignores.
        const browser = await launch(...(options.tls ? ["--ignore-certificate-errors"] : []));
        await use(browser);
        await browser.close();
      },
      { scope: "file" },
    ],
    account: async ({ server }, use) => {
      const account = await server.account();
      await use(account);
      await account.dispose();
    },
    devices: async ({ server, browser, task, onTestFailed }, use) => {
      const opened: Device[] = [];
      const logged = server.log.length;
      const open = async (extra: BrowserContextOptions = {}): Promise<Device> => {
        const context = await browser.newContext({ ...desktop, locale: "en-GB", baseURL: server.url("/"), ...extra });
        context.setDefaultTimeout(PATIENCE_MS);
        await context.tracing.start({ screenshots: true, snapshots: true });
        const watch = new Watch();
        await watch.attach(context);
        const page = await context.newPage();
        const device = { context, page, app: new App(page, server), watch };
        opened.push(device);
        return device;
      };
      onTestFailed(() => console.error(`the server said:\n${server.log.slice(logged).slice(-8000)}`));
      await use({
        open,
        signedIn: async (account, extra) => {
          const device = await open(extra);
          await device.app.signIn(account);
          return device;
        },
      });
      const unexpected = opened.flatMap((device, index) => device.watch.unexpected.map((line) => `[${index}] ${line}`));
      const failed = task.result?.state === "fail" || (task.result?.errors?.length ?? 0) > 0 || unexpected.length > 0;
      for (const [index, device] of opened.entries()) {
        if (failed) await keep(device, `${task.name} ${index}`);
        else await device.context.tracing.stop();
        await device.context.close();
      }
      expect(unexpected, "what went wrong without being seen").toEqual([]);
    },
  });
}

async function keep({ context }: Device, name: string): Promise<void> {
  const folder = join(out, "failures", name.replaceAll(/[^\w]+/g, "-"));
  await mkdir(folder, { recursive: true });
  for (const [index, page] of context.pages().entries()) {
    await page.screenshot({ path: join(folder, `${index}.png`) }).catch(() => undefined);
  }
  await context.tracing.stop({ path: join(folder, "trace.zip") }).catch(() => undefined);
}
