/**
 * The catalogue with the words of single sign-on, which few servers have.
 *
 * Imports as `@/shared/i18n/all` does, and waits for those words, too.
 */
import { loadPart } from ".";

export * from "./all";

await loadPart({ en: () => import("./en/sso"), de: () => import("./de/sso") });
