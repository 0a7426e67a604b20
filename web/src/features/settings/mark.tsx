import clsx from "clsx";
import type { ReactNode } from "react";

/** A word or two about a thing in a list, beside its name. */
export function Mark({ tone = "accent", children }: { tone?: "accent" | "warn" | "danger"; children: ReactNode }) {
  return (
    <span
      className={clsx(
        "rounded px-2 text-xs leading-5 font-normal",
        tone === "accent" && "bg-accent-soft text-accent",
        tone === "warn" && "bg-warn-soft text-warn",
        tone === "danger" && "border border-danger text-danger",
      )}
    >
      {children}
    </span>
  );
}
