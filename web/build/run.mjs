// Runs a TypeScript file with Vite's own loader, so that commands beside the app need no compiler of their own:
// `node build/run.mjs FILE [ARGUMENTS]`.
import { resolve } from "node:path";
import { fileURLToPath, URL } from "node:url";
import { runnerImport } from "vite";

const [file] = process.argv.splice(2, 1);
if (!file) throw new Error("usage: run.mjs FILE [ARGUMENTS]");
await runnerImport(resolve(file), {
  configFile: false,
  logLevel: "warn",
  resolve: { alias: { "@": fileURLToPath(new URL("../src", import.meta.url)) } },
});
