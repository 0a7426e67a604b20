/**
 * A browser as a program of its own, with a profile that outlives it: what can be killed with SIGKILL and started again. A
 * browser that Playwright starts would take its profile with it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { expect } from "vitest";
import { App } from "./app";
import { chromiumArgs } from "./browser";
import { chromiumPath } from "./paths";
import type { Server } from "./server";

export interface Profile {
  app: App;
  /** The whole browser, as when the power goes. */
  kill(): Promise<void>;
  /** Starts it on the same profile. */
  reopen(): Promise<App>;
  dispose(): Promise<void>;
}

export async function openProfile(server: Server): Promise<Profile> {
  const folder = await mkdtemp(join(tmpdir(), "inkstone-profile-"));
  let running = await start(folder);
  const page = async (): Promise<App> => {
    const context = running.browser.contexts()[0];
    if (!context) throw new Error("the browser has no context");
    context.setDefaultTimeout(15_000);
    return new App(await context.newPage(), server);
  };
  return {
    app: await page(),
    kill: () => kill(running.process),
    reopen: async () => {
      running = await start(folder);
      return page();
    },
    dispose: async () => {
      await kill(running.process);
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

async function start(folder: string): Promise<{ process: ChildProcess; browser: Browser }> {
  const said = join(folder, "DevToolsActivePort");
  await rm(said, { force: true });
  const args = [
    "--headless=new",
    "--remote-debugging-port=0",
    "--lang=en",
    `--user-data-dir=${folder}`,
    ...chromiumArgs,
  ];
  // A group of its own, so that killing reaches the processes that draw and store as well.
  const process = spawn(chromiumPath, [...args, "about:blank"], { stdio: "ignore", detached: true });
  const port = (): Promise<string> => readFile(said, "utf8").then((text) => text.split("\n")[0] ?? "");
  await expect.poll(() => port().catch(() => ""), { message: "Chromium starts" }).toMatch(/^\d+$/);
  return { process, browser: await chromium.connectOverCDP(`http://127.0.0.1:${await port()}`) };
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  process.kill(-child.pid, "SIGKILL");
  await gone;
}
