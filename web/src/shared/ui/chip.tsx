import clsx from "clsx";
import type { ReactNode } from "react";

/** Of the link or button around a chip: what is touched is taller than what is seen. */
export const chipTarget =
  "group/chip inline-flex max-w-full items-center rounded-full pointer-coarse:min-h-11 pointer-coarse:min-w-11";

/** A condition in a pill: one that holds, or one that is offered. */
export function Chip({ tone, children }: { tone: "held" | "offered"; children: ReactNode }) {
  return (
    <span
      className={clsx(
        "inline-flex min-h-7 max-w-52 items-center gap-1.5 rounded-full border px-2.5 text-xs transition-colors pointer-coarse:min-h-8 pointer-coarse:px-3",
        tone === "held"
          ? "border-transparent bg-accent-soft font-medium text-accent group-hover/chip:border-accent"
          : "border-line text-muted group-hover/chip:border-control group-hover/chip:text-fg",
      )}
    >
      {children}
    </span>
  );
}
