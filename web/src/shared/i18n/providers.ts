/**
 * The catalogue with the words of setting single sign-on up, which somebody does once for a server.
 *
 * Imports as `@/shared/i18n/account` does, and waits for those words, too.
 */
import { loadPart } from ".";

export * from "./account";

await loadPart({ en: () => import("./en/providers"), de: () => import("./de/providers") });
