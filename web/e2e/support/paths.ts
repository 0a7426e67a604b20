/** Where the journeys find what they drive, and where they leave what they saw. */
import { fileURLToPath, URL } from "node:url";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The server under test. It serves the app that it was built with, not a folder. */
export const binary = process.env.INKSTONE_BINARY ?? here("../../../target/debug/inkstone");

export const chromiumPath = process.env.CHROMIUM ?? "/usr/bin/chromium";

/** Screenshots and traces of failures, contact sheets; not kept in the repository. */
export const out = here("../out");

/** Where the pictures of the documentation lie. */
export const docsShots = here("../../../docs/screenshots");
