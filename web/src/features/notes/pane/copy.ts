/** Copying out of a note: as Markdown, and its address. */
import { base } from "@/shared/api/base";

/** The note as one Markdown text. A title of its own becomes its heading; one that came from the text is there already. */
export const asMarkdown = (title: string | null, body: string): string => (title ? `# ${title}\n\n${body}` : body);

/** The address of a note, as it works on another machine. */
export const linkTo = (id: string): string => `${location.origin}${base}/notes/${id}`;

/**
 * Puts the text on the clipboard; the answer tells whether it is there. The clipboard of today exists only behind TLS and may be
 * refused; many people run Inkstone in their own network without, so the old way is tried then.
 */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.style.position = "fixed";
  field.style.opacity = "0";
  document.body.append(field);
  field.select();
  try {
    return document.execCommand("copy");
  } catch {
    return false;
  } finally {
    field.remove();
    if (focused instanceof HTMLElement) focused.focus({ preventScroll: true });
  }
}
