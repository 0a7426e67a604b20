/** Says what is missing before the first journey starts, instead of letting each of them fail for the same reason. */
import { existsSync } from "node:fs";
import { rm } from "node:fs/promises";
import { binary, chromiumPath, out } from "./paths";

export default async function setup(): Promise<void> {
  if (!existsSync(binary)) {
    throw new Error(`there is no binary at ${binary}: run \`make e2e\`, or set INKSTONE_BINARY`);
  }
  if (!existsSync(chromiumPath)) {
    throw new Error(`there is no Chromium at ${chromiumPath}: apt-get install chromium, or set CHROMIUM`);
  }
  await rm(`${out}/failures`, { recursive: true, force: true });
}
