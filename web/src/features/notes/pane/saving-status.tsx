/**
 * How the saving stands, in the header.
 *
 * What a reader would get wrong: the words change with every pause of typing, and hearing each change would be unbearable. So the
 * visible status is not live; what is announced is trouble, and the end of it.
 */
import clsx from "clsx";
import { useEffect, useRef, useState } from "react";
import type { Saving } from "@/features/sync/types";
import { t } from "@/shared/i18n/all";
import { announce } from "@/shared/ui/toast";
import { isWell, savingAnnouncement, savingWords } from "./saving";

/** The time, every second while `ticking`. */
function useNow(ticking: boolean): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!ticking) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [ticking]);
  return now;
}

export function SavingStatus({
  saving,
  news,
  onTryNow,
}: {
  saving: Saving;
  /** Something else to say for a moment: that the note changed elsewhere. */
  news?: string | undefined;
  onTryNow: () => void;
}) {
  const now = useNow(saving.kind === "retrying");
  const well = isWell(saving);
  const words = useRef<HTMLParagraphElement>(null);
  const before = useRef(saving);
  useEffect(() => {
    const last = before.current;
    before.current = saving;
    if (last.kind !== saving.kind && !(isWell(last) && well)) announce(savingAnnouncement(saving));
  }, [saving, well]);
  useEffect(() => {
    if (news) announce(news);
  }, [news]);

  return (
    <div className="flex min-w-0 items-center gap-2 text-sm text-muted">
      <p
        ref={words}
        tabIndex={-1}
        role="status"
        aria-live="off"
        data-saving={saving.kind}
        className={clsx("outline-none", well ? "truncate" : "line-clamp-2 leading-tight font-medium text-warn")}
      >
        {well && news ? news : savingWords(saving, now)}
      </p>
      {(saving.kind === "retrying" || saving.kind === "offline") && (
        <button
          type="button"
          onClick={() => {
            // The button goes when it has worked; the focus stays with the words.
            words.current?.focus();
            onTryNow();
          }}
          className="min-h-9 shrink-0 rounded px-1 font-medium text-accent underline underline-offset-4 pointer-coarse:min-h-11"
        >
          {t("notes.saving.tryNow")}
        </button>
      )}
    </div>
  );
}
