/**
 * What an editor gets once it is on the screen: the count of the text and its outline, kept while it is written, and Markdown out of
 * what is pasted.
 */
import type { Extension } from "@codemirror/state";
import { counting } from "./counting";
import { outlining } from "./outlining";
import { pasting } from "./paste/paste";
import type { Listeners } from "./setup";

export const laterParts = ({ counted, outlined }: Listeners): Extension => [
  pasting,
  counting(counted),
  outlining(outlined),
];
