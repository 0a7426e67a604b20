import { lazy, Suspense, useEffect, useSyncExternalStore } from "react";
import { dismiss, quietNow, type Shown, shownNow, subscribe } from "./toast";

/** Comes after the first view; where it cannot, the words stand there alone. */
const ToastCard = lazy(() => import("./toast-card").catch(() => ({ default: Words })));

function Words({ toast: { id, message } }: { toast: Shown }) {
  useEffect(() => {
    const timer = setTimeout(() => dismiss(id), 6_000);
    return () => clearTimeout(timer);
  }, [id]);
  return <span className="rounded-md bg-surface px-4 text-sm">{message}</span>;
}

/** Where the news appears. The live regions are always there: one that comes with its words is often not announced. */
export function Toaster() {
  const all = useSyncExternalStore(subscribe, shownNow);
  const silent = useSyncExternalStore(subscribe, quietNow);
  return (
    <>
      <div
        role="status"
        aria-live="polite"
        className="pointer-events-none fixed inset-x-3 bottom-[calc(env(safe-area-inset-bottom)+4.5rem)] z-[60] grid justify-items-center gap-2 md:bottom-6"
      >
        {all.map((one) => (
          <Suspense key={one.id} fallback={null}>
            <ToastCard toast={one} />
          </Suspense>
        ))}
      </div>
      <div role="status" aria-live="polite" className="sr-only">
        {silent}
      </div>
    </>
  );
}
