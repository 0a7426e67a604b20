/** What is kept about a text while it is written: its count and its outline. Fetched after the editor is on the screen. */
import type { Extension } from "@codemirror/state";
import { counting } from "./counting";
import { outlining } from "./outlining";
import type { Listeners } from "./setup";

export const bookkeeping = ({ counted, outlined }: Listeners): Extension => [counting(counted), outlining(outlined)];
