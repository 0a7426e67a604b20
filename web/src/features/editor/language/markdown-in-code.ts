/**
 * Markdown as the language of a code block. In the product's build this stands in for the language package's own (see
 * `build/editor-parts.ts`), so the name is the one that the list of languages asks for.
 */

import { markdownLanguage } from "@codemirror/lang-markdown";
import { Language, LanguageSupport } from "@codemirror/language";
import { markdownParser } from "./markdown";

export const markdown = (): LanguageSupport =>
  new LanguageSupport(new Language(markdownLanguage.data, markdownParser, [], "markdown"));
