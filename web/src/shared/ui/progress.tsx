import clsx from "clsx";

/** How far something has come. Without `total` it is not known, and only that something is going on is shown. */
export function Progress({
  label,
  done,
  total,
  words,
}: {
  label: string;
  done: number;
  total: number | null;
  /** "12 of 80 notes": what is read out instead of a percentage. */
  words: string;
}) {
  const known = total !== null && total > 0;
  return (
    <progress
      aria-label={label}
      aria-valuetext={words}
      {...(known ? { value: Math.min(done, total), max: total } : {})}
      className={clsx(
        "block h-2 w-full appearance-none overflow-hidden rounded-full outline outline-line",
        "[&::-webkit-progress-bar]:bg-transparent",
        "[&::-webkit-progress-value]:rounded-full [&::-webkit-progress-value]:bg-accent [&::-webkit-progress-value]:transition-[inline-size]",
        "[&::-moz-progress-bar]:rounded-full",
        known
          ? "bg-sunken [&::-moz-progress-bar]:bg-accent"
          : "animate-pulse bg-accent-soft [&::-moz-progress-bar]:bg-transparent",
      )}
    />
  );
}
