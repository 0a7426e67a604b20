/**
 * The catalogue with the words of accounts and their administration, for the pages that are about them.
 *
 * Imports as `@/shared/i18n/all` does, and waits for those words, too.
 */
import { loadPart } from ".";

export * from "./all";

await loadPart({ en: () => import("./en/account"), de: () => import("./de/account") });
