/** Stands in for rows that take their time: of their height, so that nothing moves, and not before 300 ms, since most come sooner. */
import { useEffect, useState } from "react";
import { t } from "@/shared/i18n";

const PATIENCE = 300;

export function Skeleton() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" className="min-h-0 overflow-hidden">
      {late && (
        <>
          <span className="sr-only">{t("list.loading")}</span>
          {["70%", "55%", "80%", "60%", "75%", "50%", "65%", "72%"].map((width) => (
            <div key={width} aria-hidden className="grid h-21 content-center gap-2 border-b border-line px-4">
              <div className="h-3.5 animate-pulse rounded bg-sunken" style={{ width }} />
              <div className="h-3 animate-pulse rounded bg-sunken" />
              <div className="h-2.5 w-24 animate-pulse rounded bg-sunken" />
            </div>
          ))}
        </>
      )}
    </div>
  );
}
