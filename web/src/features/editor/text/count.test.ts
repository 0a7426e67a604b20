import { expect, test } from "vitest";
import { countLine, countText } from "./count";

test.each([
  ["", 0, 0],
  ["one two  three", 3, 14],
  ["**one** - _two_ [x](https://a.test)", 5, 35],
  ["don't e-mail 3.14", 3, 17],
  ["Größe über alles", 3, 16],
  ["שלום עולם", 2, 9],
  ["مرحبا بالعالم", 2, 13],
  ["Привет, мир", 2, 11],
  ["👩‍👩‍👧 hi", 1, 8],
  ["e\u0301te\u0301", 1, 5],
])("%j has %d words and %d characters", (line, words, characters) => {
  expect(countLine(line)).toEqual({ words, characters });
});

test("Chinese, Japanese and Thai have words though they have no blanks", () => {
  expect(countLine("今天天氣很好").words).toBeGreaterThan(1);
  expect(countLine("日本語の文章もここにあります").words).toBeGreaterThan(3);
  expect(countLine("สวัสดีชาวโลก").words).toBeGreaterThan(1);
  expect(countLine("a 今天 b").words).toBe(3);
});

test("counts a text over its lines, whatever ends them", () => {
  expect(countText("Milk and rye\r\n\r\nvanilla")).toEqual({ words: 4, characters: 19 });
  expect(countText("")).toEqual({ words: 0, characters: 0 });
});
