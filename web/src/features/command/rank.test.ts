import { expect, it } from "vitest";
import { ranked } from "./rank";

const actions = ["New note", "Find in note", "Duplicate", "Go to the archive", "Move to notebook", "Einträge öffnen"];
const find = (query: string) => ranked(actions, (text) => text, query);

it("finds by the beginnings of words, best first", () => {
  expect(find("new")).toEqual(["New note"]);
  expect(find("note")).toEqual(["New note", "Find in note", "Move to notebook"]);
});

it("wants every word of the query", () => {
  expect(find("go arch")).toEqual(["Go to the archive"]);
  expect(find("go notebook")).toEqual([]);
});

it("takes a word with letters left out, but not letters strewn over a sentence", () => {
  expect(find("dplc")).toEqual(["Duplicate"]);
  expect(find("gta")).toEqual([]);
});

it("knows no case and no accents", () => {
  expect(find("OFFNEN eintrage")).toEqual(["Einträge öffnen"]);
});
