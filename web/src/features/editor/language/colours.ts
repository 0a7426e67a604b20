/**
 * Which class a piece of syntax wears. The colours themselves stand in `code.css`, by tokens for light and dark; editor and
 * preview share both. Classes instead of `HighlightStyle`: no style element has to be made when the page runs.
 */
import { tags as t, tagHighlighter } from "@lezer/highlight";

export const codeColours = tagHighlighter([
  { tag: [t.keyword, t.modifier, t.operatorKeyword, t.controlKeyword, t.definitionKeyword], class: "tok-keyword" },
  { tag: [t.string, t.special(t.string), t.regexp, t.attributeValue, t.character], class: "tok-string" },
  { tag: [t.number, t.bool, t.atom, t.null, t.color, t.unit], class: "tok-number" },
  { tag: [t.comment, t.docComment], class: "tok-comment" },
  { tag: [t.typeName, t.className, t.namespace, t.tagName], class: "tok-type" },
  { tag: [t.function(t.variableName), t.function(t.propertyName), t.macroName, t.labelName], class: "tok-name" },
  { tag: [t.definition(t.variableName), t.propertyName, t.attributeName], class: "tok-property" },
  { tag: [t.inserted], class: "tok-inserted" },
  { tag: [t.deleted, t.invalid], class: "tok-deleted" },
  { tag: [t.operator, t.punctuation, t.separator, t.bracket, t.meta], class: "tok-quiet" },
]);

export const markdownLooks = tagHighlighter([
  { tag: t.strong, class: "md-strong" },
  { tag: t.emphasis, class: "md-emphasis" },
  { tag: t.strikethrough, class: "md-strike" },
  { tag: t.special(t.content), class: "md-highlight" },
  { tag: [t.processingInstruction, t.contentSeparator], class: "md-mark" },
  { tag: [t.comment, t.meta], class: "md-quiet" },
]);
