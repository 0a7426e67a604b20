import { expect, test } from "vitest";
import { findWords, fold } from "./fold";

const found = (text: string, ...words: string[]) =>
  findWords(text, words.map(fold)).map(({ from, to }) => text.slice(from, to));

test.each([
  ["Crème brûlée", ["creme", "BRULEE"], ["Crème", "brûlée"]],
  ["notes and footnotes", ["note"], ["note"]],
  ["今天天氣很好", ["天氣"], ["天氣"]],
  ["Straße", ["straße"], ["Straße"]],
  ["e\u0301te\u0301 été", ["ete"], ["e\u0301te\u0301", "été"]],
  ["ﬁle", ["file"], ["ﬁle"]],
  ["👩 word", ["word"], ["word"]],
  ["note notebook", ["notebook", "note"], ["note", "notebook"]],
  ["nothing", ["", "!"], []],
])("%j, looking for %j", (text, words, hits) => expect(found(text, ...words)).toEqual(hits));
