/** The title of a note: one line that wraps. It grows with its text without a script: a hidden copy gives it its height. */
import { type Ref, useId, useState } from "react";
import { t } from "@/shared/i18n/all";
import { oneLine, titleExcess, titleValue } from "./title-rule";

export function TitleField({
  title,
  limit,
  readOnly,
  onChange,
  onEnter,
  ref,
}: {
  title: string | null;
  /** Characters that the server takes. */
  limit: number;
  readOnly?: boolean;
  onChange: (title: string | null) => void;
  /** On to the text. */
  onEnter: () => void;
  ref?: Ref<HTMLTextAreaElement>;
}) {
  const id = useId();
  // While it is typed into, the field has the word: what comes back from saving may be a moment older.
  const [typed, setTyped] = useState<string | null>(null);
  const value = typed ?? title ?? "";
  const excess = titleExcess(value, limit);
  return (
    <div className="grid gap-1">
      <div className="grid text-2xl leading-tight font-bold tracking-tight text-pretty *:col-start-1 *:row-start-1">
        <div aria-hidden className="invisible wrap-anywhere whitespace-pre-wrap">
          {`${value || t("notes.title.placeholder")} `}
        </div>
        <textarea
          ref={ref}
          rows={1}
          value={value}
          readOnly={readOnly}
          aria-label={t("notes.title.label")}
          aria-invalid={excess > 0 || undefined}
          aria-describedby={excess > 0 ? `${id}-long` : undefined}
          placeholder={t("notes.title.placeholder")}
          autoCapitalize="sentences"
          enterKeyHint="next"
          onFocus={() => setTyped((before) => before ?? title ?? "")}
          onBlur={() => setTyped(null)}
          onChange={(event) => {
            const next = oneLine(event.target.value);
            setTyped(next);
            // One that is too long too: the server will not take it, but it stays on this device until it is shorter.
            onChange(titleValue(next));
          }}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return;
            const end = event.currentTarget.selectionStart === event.currentTarget.value.length;
            if (event.key === "Enter" || (event.key === "ArrowDown" && end)) {
              event.preventDefault();
              onEnter();
            }
          }}
          className="block w-full resize-none overflow-hidden bg-transparent wrap-anywhere outline-none transition-shadow placeholder:font-normal placeholder:text-muted focus:shadow-[0_2px_0_var(--accent)]"
        />
      </div>
      {excess > 0 && (
        <p id={`${id}-long`} role="alert" className="text-sm text-danger">
          {t("notes.title.long", { count: excess, limit })}
        </p>
      )}
    </div>
  );
}
