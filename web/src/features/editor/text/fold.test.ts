import { expect, test } from "vitest";
import { finderOf } from "./fold";

const found = (text: string, terms: string[], loose = false) =>
  (finderOf(terms, loose)?.(text) ?? []).map(({ from, to }) => text.slice(from, to));

test.each([
  ["Crème brûlée", ["creme", "BRULEE"], ["Crème", "brûlée"]],
  ["notes and footnotes", ["note"], []],
  ["notes and footnotes", ["note*"], ["notes"]],
  ["今天天氣很好", ["天氣"], ["天氣"]],
  ["Straße", ["straße"], ["Straße"]],
  ["e\u0301te\u0301 été", ["ete"], ["e\u0301te\u0301", "été"]],
  ["ﬁle", ["file"], ["ﬁle"]],
  ["👩 word", ["word"], ["word"]],
  ["note notebook", ["note*", "notebook"], ["note", "notebook"]],
  ["two **bold** words, bold\nwords", ["bold words"], ["bold** words", "bold\nwords"]],
  ["snake_case and a/b.md", ["case", "md"], ["case", "md"]],
  ["nothing", ["", "!", "*"], []],
])("%j, looking for %j", (text, terms, hits) => expect(found(text, terms)).toEqual(hits));

test("finds inside of words where that is wanted", () => {
  expect(found("fooBar", ["bar"])).toEqual([]);
  expect(found("fooBar", ["bar"], true)).toEqual(["Bar"]);
});

test("takes signs of patterns for what they are", () => {
  expect(found("a.b a+b", ["a+b"])).toEqual(["a.b", "a+b"]);
});
