import type { ReactNode } from "react";

/** The heading of a part of the sidebar, with what can be done to it. */
export function SectionTitle({ id, title, children }: { id: string; title: string; children?: ReactNode }) {
  return (
    <div className="flex min-h-9 items-center justify-between ps-2.5 pe-1">
      <h2 id={id} className="text-xs font-medium text-muted">
        {title}
      </h2>
      {children}
    </div>
  );
}
