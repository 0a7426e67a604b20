/** Dates alone, as the language writes them; with times and relative ones stand in `index.tsx`. */
import { currentLanguage } from ".";

/** "1 March 2026". */
export const longDate = (iso: string): string =>
  new Date(iso).toLocaleDateString(currentLanguage(), { dateStyle: "long" });
