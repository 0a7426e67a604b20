/** Sizes in bytes, as the language writes them. */
import { currentLanguage } from ".";

const units = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** "840 byte", "12 kB", "3.4 MB": thousands, as file managers count, with one digit behind the point where it tells something. */
export function fileSize(bytes: number): string {
  let size = bytes;
  let step = 0;
  // What would be rounded to a thousand is one of the next unit.
  while (size >= 999.5 && step < units.length - 1) {
    size /= 1000;
    step += 1;
  }
  const format = new Intl.NumberFormat(currentLanguage(), {
    style: "unit",
    unit: units[step],
    unitDisplay: step === 0 ? "long" : "short",
    maximumFractionDigits: step > 1 && size < 100 ? 1 : 0,
  });
  return format.format(size);
}
