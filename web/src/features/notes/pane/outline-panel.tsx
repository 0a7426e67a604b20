/**
 * The headings of the open note: a column beside the text where there is room for both, otherwise a panel over it.
 *
 * The list itself is the editor's. What a reader would get wrong: the room is measured at the pane, not at the window, since sidebar and list take theirs first.
 */
import clsx from "clsx";
import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { Outline } from "@/features/editor/outline";
import type { Outline as Headings } from "@/features/editor/types";
import { t } from "@/shared/i18n/all";
import { IconButton } from "@/shared/ui/button";

/** Whether it lies over the text, so that it goes when it has done its work. */
const covers = (panel: Element | null): boolean => panel !== null && getComputedStyle(panel).position === "absolute";

export default function OutlinePanel({
  outline,
  onGo,
  onClose,
}: {
  outline: Headings;
  /** To that offset in the text. */
  onGo: (offset: number) => void;
  onClose: () => void;
}) {
  const panel = useRef<HTMLElement>(null);

  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    const outside = (event: PointerEvent) => {
      const at = event.target;
      if (!covers(panel.current) || !(at instanceof Element)) return;
      // The button in the header closes it by itself.
      if (!panel.current?.contains(at) && !at.closest("header")) close.current();
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, []);

  return (
    <aside
      ref={panel}
      aria-label={t("notes.outline")}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !covers(panel.current)) return;
        event.preventDefault();
        onClose();
      }}
      className={clsx(
        "absolute top-12 right-2 z-10 max-h-[60%] w-72 max-w-[calc(100%-1rem)] overflow-y-auto rounded-lg border border-line bg-surface p-2 shadow-overlay",
        "@[54rem]:static @[54rem]:max-h-none @[54rem]:w-56 @[54rem]:shrink-0 @[54rem]:rounded-none @[54rem]:border-0 @[54rem]:border-s @[54rem]:p-3 @[54rem]:shadow-none",
      )}
    >
      <div className="flex items-center justify-between ps-2">
        <h2 className="text-xs font-semibold text-muted">{t("notes.outline")}</h2>
        <IconButton label={t("app.close")} onClick={onClose}>
          <X size={16} aria-hidden />
        </IconButton>
      </div>
      <Outline
        outline={outline}
        // Long headings are cut off instead of making the column wider.
        className="[&_ol]:grid-cols-[minmax(0,1fr)]"
        onJump={(heading) => {
          onGo(heading.from);
          if (covers(panel.current)) onClose();
        }}
      />
    </aside>
  );
}
