/**
 * What an editor gets once it is on the screen: the count of the text and its outline, kept while it is written, Markdown out of
 * what is pasted, and pictures of other servers for whoever wants them.
 */
import type { Extension } from "@codemirror/state";
import { counting } from "./counting";
import { outlining } from "./outlining";
import { pasting } from "./paste/paste";
import { remotePictures } from "./remote-pictures/in-editor";
import type { Listeners } from "./setup";

export const laterParts = ({ counted, outlined }: Listeners): Extension => [
  pasting,
  counting(counted),
  outlining(outlined),
  remotePictures,
];
