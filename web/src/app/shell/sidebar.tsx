/** The sidebar of wide windows: everything that can be gone to, and at its foot how saving stands. */
import { useQuery } from "@tanstack/react-query";
import { Plus, Search } from "lucide-react";
import { keyLabel } from "@/app/actions/keys";
import { runAction } from "@/app/actions/registry";
import { NotebookTree } from "@/features/notebooks/notebook-tree";
import { notebooksQuery } from "@/features/notebooks/queries";
import { SavedSearches } from "@/features/search/saved/saved-searches";
import { TagTree } from "@/features/tags/tag-tree";
import { t } from "@/shared/i18n/all";
import { BrandMark } from "@/shared/ui/brand-mark";
import { Button } from "@/shared/ui/button";
import { Kbd } from "@/shared/ui/kbd";
import { navLook } from "@/shared/ui/nav-look";
import { Foot } from "./foot";
import { PlaceLinks } from "./place-links";

export default function Sidebar() {
  // The tags stand below the notebooks: first they would stand too high.
  const { isPending } = useQuery(notebooksQuery());
  return (
    <nav
      aria-label={t("nav.main")}
      className="grid min-h-0 grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)_auto] border-e border-line bg-bg ps-[env(safe-area-inset-left)]"
    >
      <div className="grid gap-1 p-3 pb-0">
        <div className="flex h-9 items-center gap-2.5 px-2 font-semibold">
          <BrandMark className="size-6" />
          {t("app.name")}
        </div>
        <Button variant="primary" className="writes my-1" onClick={() => runAction("note.new")}>
          <Plus size={16} aria-hidden />
          {t("nav.new")}
        </Button>
        <button type="button" onClick={() => runAction("app.palette")} className={navLook}>
          <Search size={16} aria-hidden />
          {t("nav.search")}
          <span className="ms-auto" aria-hidden>
            <Kbd>{keyLabel("Mod-k")}</Kbd>
          </span>
        </button>
      </div>
      <div className="grid min-h-0 grid-cols-[minmax(0,1fr)] content-start gap-4 overflow-y-auto overscroll-contain p-3 pt-1">
        <PlaceLinks />
        <SavedSearches />
        <NotebookTree />
        {!isPending && <TagTree />}
      </div>
      <Foot />
    </nav>
  );
}
