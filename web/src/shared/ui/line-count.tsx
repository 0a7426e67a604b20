/**
 * The end of a line in the sidebar: how many notes it holds and, when it is pointed at, the menu in the same place. Where nothing
 * can be pointed with, both stand beside one another.
 */
import { currentLanguage } from "@/shared/i18n";

/** Of the link: room for what stands at its end. */
export const lineRoom = "group-hover:pe-10! group-focus-within:pe-10! pointer-coarse:pe-12!";

/** Of the button that opens the menu. */
export const lineMenu =
  "absolute! end-0.5 top-1/2 size-8! -translate-y-1/2 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 aria-expanded:opacity-100 pointer-coarse:size-11! pointer-coarse:opacity-100";

export function LineCount({ count, words }: { count: number; words: string }) {
  return (
    <span className="ms-auto text-xs font-normal text-muted tabular-nums group-focus-within:hidden group-hover:hidden pointer-coarse:inline!">
      {count > 0 && <span aria-hidden>{count.toLocaleString(currentLanguage())}</span>}
      <span className="sr-only">{words}</span>
    </span>
  );
}
