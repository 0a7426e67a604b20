/**
 * Where in the open note a search found something: marks, "3 of 12", and the way from one to the next.
 *
 * Owns the bar at the foot of the note and its keys; finding and marking is the editor's and the preview's (`Matches`). What a
 * reader would get wrong: it is there for one opening of the note. Who goes on searching beside it does not want it to jump.
 */
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useEffectEvent, useRef, useState } from "react";
import { keyOf } from "@/app/actions/key-of";
import type { EditorHandle, Matches, Standing } from "@/features/editor/types";
import { t } from "@/shared/i18n/all";
import { IconButton } from "@/shared/ui/button";
import type { Sought } from "../sought";
import { isKey, matchKeys } from "./keys";
import { termsOf } from "./terms";

const nowhere: Standing = { current: 0, count: 0, more: false };

export default function MatchBar({
  sought,
  previewing,
  withEditor,
  onTerms,
}: {
  sought: Sought;
  previewing: boolean;
  withEditor: (does: (editor: EditorHandle) => void) => void;
  /** What the preview has to mark. */
  onTerms: (terms: string[]) => void;
}) {
  const [terms] = useState(() => termsOf(sought));
  const [left, setLeft] = useState(terms.length === 0);
  const [standing, setStanding] = useState(nowhere);
  const place = useRef<HTMLDivElement>(null);
  const matches = useRef<Matches>(undefined);
  /** Where one was before changing between writing and reading. */
  const last = useRef<number>(undefined);

  const begin = useEffectEvent((found: Matches) => {
    matches.current = found;
    const nth = last.current;
    found.show(terms, nth === undefined ? { at: sought.at } : { nth }, (now) => {
      last.current = now.current > 0 ? now.current - 1 : last.current;
      setStanding(now);
    });
  });
  const tellTerms = useEffectEvent(() => onTerms(left ? [] : terms));
  const summon = useEffectEvent(withEditor);
  useEffect(() => {
    tellTerms();
    if (left) return;
    let gone = false;
    const take = (found: Matches) => {
      if (!gone) begin(found);
    };
    // Without what marks them (offline, never fetched) the note is only shown.
    if (previewing) {
      void import("@/features/editor/preview/walk").then(
        ({ walkPreview }) => {
          const text = place.current?.closest("article")?.querySelector<HTMLElement>("[data-note-scroll]");
          if (text) take(walkPreview(text));
        },
        () => {},
      );
    } else {
      summon((editor) => void editor.matches().then(take, () => {}));
    }
    return () => {
      gone = true;
      matches.current?.leave();
      matches.current = undefined;
    };
  }, [left, previewing]);

  const step = (by: 1 | -1) => matches.current?.step(by);
  const shown = !left && standing.count > 0;

  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!shown || event.isComposing || !(event.target instanceof Element)) return;
    const article = place.current?.closest("article");
    // Looking for something else in the note, and what lies over the page, have these keys themselves.
    if (article?.querySelector(".find") || event.target.closest("[role=dialog], [role=alertdialog], [role=menu]"))
      return;
    const key = keyOf(event);
    if (isKey(matchKeys.next, key)) step(1);
    else if (isKey(matchKeys.previous, key)) step(-1);
    else if (key === "Escape" && (article?.contains(event.target) || event.target === document.body)) {
      // A list that is open below a field closes first.
      if (event.target.getAttribute("aria-expanded") === "true") return;
      setLeft(true);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });
  useEffect(() => {
    window.addEventListener("keydown", onKey, true);
    return () => window.removeEventListener("keydown", onKey, true);
  }, []);

  const close = () => {
    setLeft(true);
    // The focus was on a button that goes.
    if (matchMedia("(pointer: fine)").matches) {
      place.current?.closest("article")?.querySelector<HTMLElement>(".cm-content")?.focus({ preventScroll: true });
    }
  };

  return (
    <div ref={place} className="relative z-10 h-0">
      {shown && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in
        <div
          role="group"
          aria-label={t("search.matches")}
          className="absolute bottom-3 left-1/2 flex -translate-x-1/2 items-center gap-0.5 rounded-full border border-line bg-surface px-1.5 py-0.5 shadow-overlay"
        >
          <span role="status" className="ps-2.5 pe-1 text-sm whitespace-nowrap text-muted tabular-nums">
            {t(standing.more ? "search.matches.many" : "search.matches.position", {
              current: standing.current,
              count: standing.count,
            })}
          </span>
          <IconButton
            label={t("search.matches.previous")}
            aria-keyshortcuts="Shift+F3"
            className="rounded-full!"
            onClick={() => step(-1)}
          >
            <ChevronUp size={18} aria-hidden />
          </IconButton>
          <IconButton
            label={t("search.matches.next")}
            aria-keyshortcuts="F3"
            className="rounded-full!"
            onClick={() => step(1)}
          >
            <ChevronDown size={18} aria-hidden />
          </IconButton>
          <IconButton label={t("search.matches.close")} className="rounded-full!" onClick={close}>
            <X size={16} aria-hidden />
          </IconButton>
        </div>
      )}
    </div>
  );
}
