/**
 * When a note shows a field for its title, and what may stand in it.
 *
 * A title that the server took from the text would stand there twice, so it has no field. What a reader would get wrong: this
 * is decided when the note opens. Deciding again while somebody types would move the text under their fingers.
 */
import type { LocalNote } from "@/features/sync/types";

/** Whether the field is there when the note opens: it has a title of its own, or there is nothing that one could come from. */
export const opensWithTitle = ({ content }: Pick<LocalNote, "content">): boolean =>
  content.title !== null || content.body.trim() === "";

/** A title is one line; what is pasted may have more. */
export const oneLine = (text: string): string => text.replace(/[\r\n\u2028\u2029]+/g, " ");

/** What is saved for what was typed: blank means that the server takes it from the text. */
export const titleValue = (typed: string): string | null => (typed.trim() === "" ? null : typed);

/** By how many characters it is too long; 0 when it is not. The server counts code points. */
export const titleExcess = (typed: string, limit: number): number =>
  // Most titles cannot be too long, whatever they count by.
  typed.length <= limit ? 0 : Math.max(0, Array.from(typed).length - limit);
