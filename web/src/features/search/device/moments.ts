/** Which moments the dates of a query mean here and now: those of `created:` and `updated:`, in the time zone of this device. */

/** From the first to before the second, milliseconds since 1970; no bound where there is none. */
export type Range = readonly [number | undefined, number | undefined];

/** Days are counted past the ends of months and years, as `Date` does. */
function day(year: number, month: number, date: number): number {
  const at = new Date(2000, 0, 1);
  // The constructor takes years below 100 for those of the last century.
  at.setFullYear(year, month, date);
  return at.getTime();
}

/** The first moment of a year, month or day, and that of the next one. */
function ends(text: string): readonly [number, number] {
  const [year = 0, month, date] = text.split("-").map(Number);
  if (month === undefined) return [day(year, 0, 1), day(year + 1, 0, 1)];
  if (date === undefined) return [day(year, month - 1, 1), day(year, month, 1)];
  return [day(year, month - 1, date), day(year, month - 1, date + 1)];
}

/** So many months before; in a month that has no such day, on its last one. */
function monthsBefore(now: Date, count: number): number {
  const at = new Date(now);
  at.setDate(1);
  at.setMonth(at.getMonth() - count);
  const last = new Date(at.getFullYear(), at.getMonth() + 1, 0).getDate();
  at.setDate(Math.min(now.getDate(), last));
  return at.getTime();
}

function daysBefore(now: Date, count: number): number {
  const at = new Date(now);
  at.setDate(at.getDate() - count);
  return at.getTime();
}

function named(word: string, now: Date): Range | undefined {
  const [year, month, date] = [now.getFullYear(), now.getMonth(), now.getDate()];
  const monday = date - ((now.getDay() + 6) % 7);
  const days = (from: number, to: number): Range => [day(year, month, from), day(year, month, to)];
  const months = (from: number, to: number): Range => [day(year, from, 1), day(year, to, 1)];
  switch (word) {
    case "today":
      return days(date, date + 1);
    case "yesterday":
      return days(date - 1, date);
    case "this-week":
      return days(monday, monday + 7);
    case "last-week":
      return days(monday - 7, monday);
    case "this-month":
      return months(month, month + 1);
    case "last-month":
      return months(month - 1, month);
    case "this-year":
      return [day(year, 0, 1), day(year + 1, 0, 1)];
    case "last-year":
      return [day(year - 1, 0, 1), day(year, 0, 1)];
  }
}

/** The moments of a value that `dateFits`. */
export function momentsOf(value: string, now: Date): Range {
  const text = value.trim().toLowerCase();
  const word = named(text, now);
  if (word) return word;
  const [, count, unit] = /^(\d{1,4})([dwmy])$/u.exec(text) ?? [];
  if (count && unit) {
    const back = Number(count);
    if (unit === "d" || unit === "w") return [daysBefore(now, back * (unit === "w" ? 7 : 1)), undefined];
    return [monthsBefore(now, back * (unit === "y" ? 12 : 1)), undefined];
  }
  const [from = "", to] = text.split("..");
  if (to !== undefined) return [from ? ends(from)[0] : undefined, to ? ends(to)[1] : undefined];
  const [, sign = "", date = ""] = /^([<>]?=?)(.*)$/u.exec(text) ?? [];
  const [begins, over] = ends(date);
  switch (sign) {
    case ">":
      return [over, undefined];
    case ">=":
      return [begins, undefined];
    case "<":
      return [undefined, begins];
    case "<=":
      return [undefined, over];
    default:
      return [begins, over];
  }
}
