/**
 * Everything that an editor is made of, put together. Owns the order and what the page says to assistive technology; each part
 * stands in a file of its own. Cursor and selection are the browser's own: fingers know their handles, and a key costs less.
 */
import { syntaxHighlighting } from "@codemirror/language";
import { Annotation, Compartment, EditorState, type Extension, StateEffect } from "@codemirror/state";
import { EditorView, highlightSpecialChars, placeholder } from "@codemirror/view";
import { t } from "@/shared/i18n/all";
import { commands } from "./commands";
import { findKey } from "./find/find";
import { codeColours, markdownLooks } from "./language/colours";
import { markdown } from "./language/markdown";
import { liveLook } from "./live/live";
import { endingOf, lineEndings, split } from "./text/line-endings";
import type { Outline } from "./types";

/** Marks a change that did not come from the person: it is not reported. */
export const fromElsewhere = Annotation.define<true>();

const readOnlySwitch = new Compartment();

function readOnlyOrNot(readOnly: boolean): Extension {
  return [
    EditorState.readOnly.of(readOnly),
    // Still reached by Tab, read by screen readers and searched, but no keyboard comes up on touch.
    EditorView.editable.of(!readOnly),
    EditorView.contentAttributes.of({
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": t("editor.label"),
      "aria-description": readOnly ? "" : t("editor.keysHint"),
      "aria-readonly": String(readOnly),
      spellcheck: "true",
      autocapitalize: "sentences",
      autocorrect: "on",
      ...(readOnly ? { tabindex: "0" } : {}),
    }),
  ];
}

export const setReadOnly = (view: EditorView, readOnly: boolean) =>
  view.dispatch({ effects: readOnlySwitch.reconfigure(readOnlyOrNot(readOnly)) });

/** Characters that would do their work unseen; marks of direction are left out, people who write to the left need them. */
const unseen = /(?![\t\r\n])\p{Cc}|[\u200b\u2028\u2029\u202d\u202e\u2066\u2067\u2069\ufeff\ufff9-\ufffc]|\r(?!$)/gu;

/** What CodeMirror itself says aloud, in our language. */
const spokenPhrases = () =>
  EditorState.phrases.of({
    "Control character": t("editor.controlCharacter"),
    "Selection deleted": t("editor.selectionDeleted"),
  });

/** The page's nonce, for the few style elements that CodeMirror makes. */
const nonce = () => document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";

export interface Listeners {
  changed: (state: EditorState) => void;
  counted: (count: { words: number; characters: number }) => void;
  outlined: (outline: Outline) => void;
}

export function createState(text: string, readOnly: boolean, listeners: Listeners): EditorState {
  const ending = endingOf(text);
  return EditorState.create({
    doc: split(text, ending),
    extensions: [
      lineEndings(ending),
      readOnlySwitch.of(readOnlyOrNot(readOnly)),
      EditorView.cspNonce.of(nonce()),
      EditorView.lineWrapping,
      highlightSpecialChars({ specialChars: unseen }),
      placeholder(t("editor.placeholder")),
      markdown,
      syntaxHighlighting(markdownLooks),
      syntaxHighlighting(codeColours),
      liveLook,
      commands,
      findKey,
      spokenPhrases(),
      EditorView.updateListener.of((update) => {
        if (!update.docChanged) return;
        const person = update.transactions.some(
          (transaction) => transaction.docChanged && !transaction.annotation(fromElsewhere),
        );
        if (person) listeners.changed(update.state);
      }),
    ],
  });
}

/**
 * Adds what is not needed to write: it comes when the text is on the screen. Without it (never fetched, offline) nothing is counted,
 * and what is pasted stays plain text.
 */
export async function addLaterParts(view: EditorView, listeners: Listeners): Promise<void> {
  const { laterParts } = await import("./later-parts");
  if (view.dom.isConnected) view.dispatch({ effects: StateEffect.appendConfig.of(laterParts(listeners)) });
}
