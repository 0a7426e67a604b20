import { expect, it } from "vitest";
import { termsOf } from "./terms";

it.each<[string, string[] | undefined, string[]]>([
  ["plan", undefined, ["plan*"]],
  ["plan ", undefined, ["plan"]],
  ['plan "two words" pla* -bad', undefined, ["plan", "two words", "pla*"]],
  ["tag:work title:winter plan", undefined, ["winter", "plan*"]],
  ["a -(b c) d", undefined, ["a", "d*"]],
  ["(a OR b) -is:pinned", undefined, ["a", "b"]],
  ["plans", ["planning", "plan"], ["plans*", "planning", "plan"]],
  ["tag:work", undefined, []],
])("marks for %j what was asked for and what was found", (q, words, terms) => {
  expect(termsOf({ q, ...(words ? { words } : {}) })).toEqual(terms);
});
