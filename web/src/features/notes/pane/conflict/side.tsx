/** One side of a conflict: what it made of the note that both began with. */
import type { ReactNode } from "react";
import type { Content } from "@/features/sync/types";
import { t } from "@/shared/i18n/all";
import { fold, pieces, type Shown } from "./diff";
import { changedFields } from "./fields";

export function Side({
  heading,
  base,
  side,
  other,
  notebookName,
  children,
}: {
  heading: string;
  base: Content;
  side: Content;
  /** The other side: only what the two differ in is worth reading. */
  other: Content;
  notebookName: (id: string | null) => string;
  /** The button that takes this side. */
  children: ReactNode;
}) {
  const fields = changedFields(base, side, other, notebookName);
  const shown = fold(pieces(base.body, side.body));
  const changed = shown.some((piece) => piece.kind === "added" || piece.kind === "removed");
  return (
    <section aria-label={heading} className="flex min-w-0 flex-col rounded-lg border border-line">
      <header className="flex flex-wrap items-center justify-between gap-2 border-b border-line px-4 py-2">
        <h3 className="text-sm font-semibold">{heading}</h3>
        {children}
      </header>
      {fields.length > 0 && (
        <dl className="grid gap-1 border-b border-line px-4 py-3 text-sm">
          {fields.map((field) => (
            <div key={field.label} className="flex flex-wrap gap-x-2">
              <dt className="text-muted">{field.label}</dt>
              <dd className="min-w-0 font-medium wrap-anywhere">
                {field.value}
                {field.changed && <span className="ps-2 font-normal text-muted">({t("notes.conflict.changed")})</span>}
              </dd>
            </div>
          ))}
        </dl>
      )}
      <div className="px-4 py-3 leading-relaxed wrap-anywhere whitespace-pre-wrap">
        {!changed && <p className="pb-2 text-sm text-muted">{t("notes.conflict.unchanged")}</p>}
        {shown.map((piece) => (
          <Part key={piece.at} piece={piece} />
        ))}
      </div>
    </section>
  );
}

/** Words for screen readers around a change: few of them read out what is inserted and deleted by themselves. */
const Said = ({ children }: { children: string }) => <span className="sr-only">{` ${children} `}</span>;

function Part({ piece }: { piece: Shown }) {
  switch (piece.kind) {
    case "same":
      return piece.text;
    case "folded":
      return (
        <span className="my-2 block border-y border-dashed border-line py-1 text-center text-xs whitespace-normal text-muted">
          {t("notes.conflict.folded", { count: piece.lines })}
        </span>
      );
    case "added":
      return (
        <ins className="rounded-sm bg-mark text-on-mark underline decoration-2 underline-offset-2">
          <Said>{t("notes.conflict.added")}</Said>
          {piece.text}
          <Said>{t("notes.conflict.end")}</Said>
        </ins>
      );
    case "removed":
      return (
        <del className="rounded-sm bg-sunken text-muted line-through decoration-2">
          <Said>{t("notes.conflict.removed")}</Said>
          {piece.text}
          <Said>{t("notes.conflict.end")}</Said>
        </del>
      );
  }
}
