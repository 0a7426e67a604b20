/** How Chromium is started: quiet, without a network of its own, and as root on build machines. */
import { type Browser, chromium } from "playwright-core";
import { chromiumPath } from "./paths";

export const chromiumArgs = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

export const launch = (...args: string[]): Promise<Browser> =>
  chromium.launch({ executablePath: chromiumPath, args: [...chromiumArgs, ...args] });
