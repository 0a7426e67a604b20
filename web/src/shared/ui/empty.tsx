import type { ReactNode } from "react";

/** What stands where there is nothing: what it means, and what to do about it. */
export function Empty({ icon, title, children }: { icon?: ReactNode; title: string; children?: ReactNode }) {
  return (
    <div className="grid justify-items-center gap-2 px-6 py-12 text-center">
      {icon && (
        <div className="text-muted" aria-hidden>
          {icon}
        </div>
      )}
      <p className="font-medium text-balance">{title}</p>
      {children && <div className="grid max-w-[22rem] justify-items-center gap-3 text-sm text-muted">{children}</div>}
    </div>
  );
}
