/**
 * The frame around every page of somebody who is signed in: navigation, main part, news.
 *
 * Owns which navigation stands there: the sidebar, a rail of icons below 1024 px, a bar at the bottom below 768 px that an
 * open note hides. The widths are those of `--breakpoint-md` and `-lg` and of the page before its script has run (`.boot`).
 * Pages render no `main` of their own; they bring the heading.
 */

import { useMatch } from "@tanstack/react-router";
import clsx from "clsx";
import { type ReactNode, Suspense, useCallback, useState } from "react";
import { useOpenNote } from "@/features/notes/list/use-view";
import { t } from "@/shared/i18n";
import { useMedia } from "@/shared/lib/use-media";
import { lazyPart } from "@/shared/ui/lazy-part";
import { Toaster } from "@/shared/ui/toaster";
import { BottomBar } from "./bottom-bar";
import { BrowseContext } from "./browse";
import type { BrowsePart } from "./browse-sheet";
import { useShellActions } from "./use-shell-actions";

const BrowseSheet = lazyPart(() => import("./browse-sheet"));

const WIDE = "(width >= 64rem)";
const MIDDLE = "(width >= 48rem)";
// A phone has no use for either; elsewhere they are on their way before the first render asks for them.
const loadSidebar = () => import("./sidebar");
const loadRail = () => import("./rail");
const Sidebar = lazyPart(loadSidebar);
const Rail = lazyPart(loadRail);
if (matchMedia(WIDE).matches) void loadSidebar();
else if (matchMedia(MIDDLE).matches) void loadRail();

export function Shell({ children }: { children: ReactNode }) {
  const wide = useMedia(WIDE);
  const middle = useMedia(MIDDLE);
  const open = useOpenNote();
  const inNotes = useMatch({ from: "/_app/_notes", shouldThrow: false }) !== undefined;
  const [browsing, setBrowsing] = useState<BrowsePart | null>(null);
  const close = useCallback(() => setBrowsing(null), []);
  const search = useShellActions();

  return (
    <BrowseContext value={setBrowsing}>
      <div
        className={clsx(
          "grid h-full pt-[env(safe-area-inset-top)]",
          wide
            ? "grid-cols-[15rem_minmax(0,1fr)]"
            : middle
              ? "grid-cols-[3.5rem_minmax(0,1fr)]"
              : "grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)_auto]",
        )}
      >
        <a
          href="#main"
          className="sr-only z-50 rounded-md bg-surface font-medium text-accent shadow-overlay focus:not-sr-only focus:absolute focus:px-4 focus:py-2 focus:start-2 focus:top-2"
        >
          {t("app.skip")}
        </a>
        {middle && (
          <Suspense fallback={<div className="border-e border-line bg-bg" />}>
            {wide ? <Sidebar /> : <Rail onBrowse={setBrowsing} />}
          </Suspense>
        )}
        <main id="main" tabIndex={-1} className="min-h-0 min-w-0 outline-none">
          {children}
        </main>
        {!middle && !open && <BottomBar inNotes={inNotes} onSearch={search} />}
      </div>
      {browsing && !wide && (
        <Suspense>
          <BrowseSheet part={browsing} onClose={close} />
        </Suspense>
      )}
      <Toaster />
    </BrowseContext>
  );
}
