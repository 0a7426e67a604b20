/** The navigation of phones. An open note has the whole screen; the way back stands in its bar. */
import { Link } from "@tanstack/react-router";
import { NotebookText, Plus, Search, Settings } from "lucide-react";
import { runAction } from "@/app/actions/registry";
import { t } from "@/shared/i18n";
import { useHere } from "./use-here";

const look =
  "grid h-14 content-center justify-items-center gap-0.5 text-xs text-muted aria-[current]:font-medium aria-[current]:text-accent focus-visible:-outline-offset-2";

export function BottomBar({ inNotes, onSearch }: { inNotes: boolean; onSearch: () => void }) {
  const here = useHere();
  return (
    <nav
      aria-label={t("nav.main")}
      className="grid auto-cols-fr grid-flow-col border-t border-line bg-surface pr-[env(safe-area-inset-right)] pb-[env(safe-area-inset-bottom)] pl-[env(safe-area-inset-left)]"
    >
      <Link
        to="/"
        search={{}}
        activeOptions={{ exact: true }}
        aria-current={here === "all" ? "page" : inNotes ? "true" : undefined}
        className={look}
      >
        <NotebookText size={20} aria-hidden />
        {t("nav.notes")}
      </Link>
      <button type="button" onClick={onSearch} className={look}>
        <Search size={20} aria-hidden />
        {t("nav.search")}
      </button>
      <button
        type="button"
        aria-label={t("nav.new")}
        onClick={() => runAction("note.new")}
        className={`writes ${look}`}
      >
        <Plus size={20} aria-hidden />
        {t("nav.newShort")}
      </button>
      <Link to="/settings" aria-current={inNotes ? undefined : "page"} className={look}>
        <Settings size={20} aria-hidden />
        {t("nav.settings")}
      </Link>
    </nav>
  );
}
