/** The dates that `created:` and `updated:` take, by their form; what they mean on a calendar is the server's. */

/** The words for spans of time, in the order in which they are offered. */
export const dateWords = [
  "today",
  "yesterday",
  "this-week",
  "last-week",
  "this-month",
  "last-month",
  "this-year",
  "last-year",
] as const;

/** The spans back from now that are offered: any number of days, weeks, months or years is understood. */
export const dateSpans = ["7d", "2w", "3m", "1y"] as const;

const word = new RegExp(`^(?:${dateWords.join("|")})$`, "iu");

/** A year, a month or a day that exists. */
function isDate(text: string): boolean {
  const [, year, month, day] = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/u.exec(text) ?? [];
  if (!year) return false;
  if (!month) return true;
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(month) >= 1 && Number(month) <= 12 && (!day || (Number(day) >= 1 && Number(day) <= days));
}

/** Whether the server would understand that date, range or span. */
export function dateFits(text: string): boolean {
  if (word.test(text) || /^\d{1,4}[dwmy]$/iu.test(text)) return true;
  const [from, to, more] = text.split("..");
  if (to !== undefined) {
    return more === undefined && text !== ".." && [from, to].every((end) => !end || isDate(end));
  }
  return isDate(text.replace(/^[<>]=?/u, ""));
}
