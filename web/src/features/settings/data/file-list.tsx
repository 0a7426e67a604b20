import { t } from "@/shared/i18n/all";

/** As many as somebody looks through. */
const SHOWN = 50;

/** Files with a word on each; of many the first, and how many more there are. */
export function FileList({
  title,
  files,
  more = 0,
}: {
  title: string;
  files: readonly { source: string; words: string }[];
  /** How many there are that are not among `files`. */
  more?: number;
}) {
  const left = files.length - SHOWN;
  const unseen = Math.max(left, 0) + more;
  return (
    <section className="grid gap-2 border-t border-line pt-4">
      <h4 className="text-sm font-medium">{title}</h4>
      {/* Scrolls by keys, too. */}
      <ul
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached without a mouse.
        tabIndex={0}
        aria-label={title}
        className="grid max-h-72 gap-2 overflow-y-auto overscroll-contain rounded-md bg-sunken p-3 text-sm"
      >
        {files.slice(0, SHOWN).map(({ source, words }, index) => (
          // A file may be named more than once.
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes.
          <li key={index} className="grid gap-x-4 sm:grid-cols-[1fr_auto]">
            <span className="min-w-0 wrap-anywhere">
              <bdi>{source}</bdi>
            </span>
            <span className="text-muted wrap-anywhere sm:max-w-64 sm:text-end">{words}</span>
          </li>
        ))}
        {unseen > 0 && <li className="text-muted">{t("settings.import.more", { count: unseen })}</li>}
      </ul>
    </section>
  );
}
