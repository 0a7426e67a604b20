/** What was searched for last, below the empty field while one is in it; comes after the first view. */
import { History, X } from "lucide-react";
import { useState } from "react";
import { useSession } from "@/features/auth/session";
import { t } from "@/shared/i18n/all";
import { IconButton } from "@/shared/ui/button";
import { forget, readRecent } from "./recent";

export default function RecentSearches({
  onPick,
  onForgotten,
}: {
  onPick: (q: string) => void;
  onForgotten: () => void;
}) {
  const { user } = useSession();
  const [recent, setRecent] = useState(() => readRecent(user.id));
  if (recent.length === 0) return null;
  return (
    <div className="absolute inset-x-3 top-full z-30 -mt-1 rounded-md border border-line bg-surface p-1 shadow-overlay">
      <p id="recent-searches" className="px-2.5 py-1 text-xs font-medium text-muted">
        {t("search.recent")}
      </p>
      <ul aria-labelledby="recent-searches">
        {recent.map((q) => (
          <li key={q} className="group flex items-center rounded hover:bg-accent-soft focus-within:bg-accent-soft">
            <button
              type="button"
              onClick={() => onPick(q)}
              className="flex min-h-9 min-w-0 flex-1 items-center gap-2.5 px-2.5 text-start text-sm pointer-coarse:min-h-11"
            >
              <History size={14} aria-hidden className="shrink-0 text-muted" />
              <span className="truncate" dir="auto">
                {q}
              </span>
            </button>
            <IconButton
              label={t("search.recent.forget", { q })}
              onClick={() => {
                setRecent(forget(user.id, q));
                onForgotten();
              }}
              className="size-8!"
            >
              <X size={14} aria-hidden />
            </IconButton>
          </li>
        ))}
      </ul>
    </div>
  );
}
