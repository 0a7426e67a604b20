import clsx from "clsx";
import type { ReactNode } from "react";

/** A bar that says something about what is below it. Errors are announced at once, the others when there is time. */
export function Notice({
  tone = "info",
  children,
  actions,
}: {
  tone?: "info" | "warn" | "error";
  children: ReactNode;
  actions?: ReactNode;
}) {
  return (
    <div
      role={tone === "error" ? "alert" : "status"}
      className={clsx(
        "flex flex-wrap items-center gap-x-4 gap-y-2 border-b border-line px-4 py-2 text-sm",
        tone === "info" && "bg-accent-soft",
        tone === "warn" && "bg-warn-soft text-warn",
        tone === "error" && "bg-surface text-danger",
      )}
    >
      <div className="min-w-0 flex-1">{children}</div>
      {actions && <div className="flex flex-wrap gap-2">{actions}</div>}
    </div>
  );
}
