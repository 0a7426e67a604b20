/**
 * Places, saved searches, notebooks and tags where the window has no room for the sidebar: a sheet from the side. Loaded when first opened.
 * It closes when one has gone somewhere.
 */
import { useLocation } from "@tanstack/react-router";
import { X } from "lucide-react";
import { Dialog } from "radix-ui";
import { useEffect, useRef } from "react";
import { NotebookTree } from "@/features/notebooks/notebook-tree";
import { SavedSearches } from "@/features/search/saved/saved-searches";
import { TagTree } from "@/features/tags/tag-tree";
import { t } from "@/shared/i18n/all";
import { BrandMark } from "@/shared/ui/brand-mark";
import { IconButton } from "@/shared/ui/button";
import { Foot } from "./foot";
import { PlaceLinks } from "./place-links";

export type BrowsePart = "all" | "searches" | "notebooks" | "tags";

const titles = {
  all: "app.name",
  searches: "saved.title",
  notebooks: "notebooks.title",
  tags: "tags.title",
} as const;

export default function BrowseSheet({ part, onClose }: { part: BrowsePart; onClose: () => void }) {
  const { href } = useLocation();
  const from = useRef(href);
  useEffect(() => {
    if (href !== from.current) onClose();
  }, [href, onClose]);
  return (
    <Dialog.Root open onOpenChange={onClose}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-y-0 start-0 z-50 grid w-[min(20rem,calc(100vw-3rem))] grid-cols-[minmax(0,1fr)] grid-rows-[auto_minmax(0,1fr)_auto] border-e border-line bg-bg ps-[env(safe-area-inset-left)] pt-[env(safe-area-inset-top)] shadow-overlay"
        >
          <div className="flex items-center gap-2.5 p-3 ps-5">
            <BrandMark className="size-6" />
            <Dialog.Title className="flex-1 font-semibold">{t(titles[part])}</Dialog.Title>
            <IconButton label={t("app.close")} onClick={onClose}>
              <X size={18} aria-hidden />
            </IconButton>
          </div>
          <nav
            aria-label={t("nav.browse")}
            className="grid min-h-0 grid-cols-[minmax(0,1fr)] content-start gap-4 overflow-y-auto overscroll-contain px-3 pb-3"
          >
            {part === "all" && <PlaceLinks />}
            {(part === "all" || part === "searches") && <SavedSearches always={part === "searches"} />}
            {(part === "all" || part === "notebooks") && <NotebookTree />}
            {(part === "all" || part === "tags") && <TagTree />}
          </nav>
          {part === "all" && <Foot />}
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
