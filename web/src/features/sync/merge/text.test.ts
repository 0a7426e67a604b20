import { expect, test } from "vitest";
import { dice } from "../testing/world";
import { lines, merge3, words } from "./text";

const BASE = "Milk and bread\n\nSecond paragraph with words\n- one\n- two\n";

test("edits in different lines go together", () => {
  expect(merge3(BASE, BASE.replace("bread", "butter"), BASE.replace("two", "three"))).toBe(
    BASE.replace("bread", "butter").replace("two", "three"),
  );
});

test("edits in different words of one line go together", () => {
  expect(merge3(BASE, BASE.replace("Second", "Other"), BASE.replace("words", "signs"))).toBe(
    BASE.replace("Second", "Other").replace("words", "signs"),
  );
});

test.each([
  ["the same word changed differently", "Milk", "Tea", "Coffee"],
  ["one side deletes the line that the other edits", "Milk and bread\n", "", "Milk and much bread\n"],
  ["touching words", "Milk and", "Tea and", "Milkor"],
])("%s is a conflict", (_name, from, mine, theirs) => {
  expect(merge3(BASE, BASE.replace(from, mine), BASE.replace(from, theirs))).toBeUndefined();
});

test("both appending at the end is a conflict, unless one goes on where the other ends", () => {
  expect(merge3("a\n", "a\nb\n", "a\nc\n")).toBeUndefined();
  expect(merge3("a\n", "a\nb\n", "a\nb\nc\n")).toBe("a\nb\nc\n");
  expect(merge3("", "hello", "hello world")).toBe("hello world");
});

test("line ends and a missing last one are kept byte for byte", () => {
  const base = "one\r\ntwo\nthree";
  expect(merge3(base, base.replace("one", "1"), `${base}\r\nfour`)).toBe("1\r\ntwo\nthree\r\nfour");
  expect(merge3("a\nb", "a\r\nb", "a\nb\nc")).toBe("a\r\nb\nc");
});

test("letters of scripts without blanks are words", () => {
  expect(merge3("今天天气很好我们去公园", "明天天气很好我们去公园", "今天天气很好我们去商店")).toBe(
    "明天天气很好我们去商店",
  );
});

test("a very long text with edits at both ends is merged in a moment", () => {
  const base = Array.from({ length: 40_000 }, (_, at) => (at % 3 ? "" : `line ${at % 50}`)).join("\n");
  const before = performance.now();
  expect(merge3(base, `mine\n${base}`, `${base}\ntheirs`)).toBe(`mine\n${base}\ntheirs`);
  const mine = `mine\n${base}\nmine`;
  const theirs = `${base.slice(0, 900)} theirs ${base.slice(900)}`;
  merge3(base, mine, theirs);
  expect(performance.now() - before).toBeLessThan(2_000);
});

test("splitting loses nothing", () => {
  const nasty = "a\r\n\r\n\tb  c\u00a0d\ud800 👩‍👩‍👧 e\u0301\n\nTokyo東京\r";
  expect(lines(nasty).join("")).toBe(nasty);
  expect(words(nasty).join("")).toBe(nasty);
});

/** Random texts from a small alphabet, so that equal lines are common, and random edits with marks that are found again. */
function texts(seed: number) {
  const random = dice(seed);
  const below = (end: number) => Math.floor(random() * end);
  const base = Array.from({ length: below(12) }, () =>
    Array.from({ length: below(5) }, () => ["a", "b", "the", "x"][below(4)]).join(" "),
  ).join(["\n", "\r\n"][below(2)]);
  let count = 0;
  const edit = (side: string) => {
    const marks: string[] = [];
    const all = base.split("\n");
    for (let edits = below(4); edits > 0; edits--) {
      const at = below(all.length);
      const mark = `${side}${count++}`;
      const kind = below(4);
      if (kind === 0) all.splice(at, 0, mark);
      else if (kind === 1) all[at] = `${all[at]} ${mark}`;
      else if (kind === 2) all[at] = `${mark} ${all[at]}`;
      else if (all.length > 1 && marks.length === 0) {
        all.splice(at, 1);
        continue;
      } else continue;
      marks.push(mark);
    }
    return { text: all.join("\n"), marks };
  };
  return { base, mine: edit("m"), theirs: edit("t") };
}

test("the laws of merging hold for random texts", () => {
  let clean = 0;
  for (let seed = 1; seed <= 3_000; seed++) {
    const { base, mine, theirs } = texts(seed);
    const told = `seed ${seed}`;
    expect(merge3(base, base, theirs.text), told).toBe(theirs.text);
    expect(merge3(base, mine.text, base), told).toBe(mine.text);
    expect(merge3(base, mine.text, mine.text), told).toBe(mine.text);
    const merged = merge3(base, mine.text, theirs.text);
    expect(merge3(base, theirs.text, mine.text), told).toBe(merged);
    if (merged === undefined) continue;
    clean++;
    for (const mark of [...mine.marks, ...theirs.marks]) expect(words(merged), told).toContain(mark);
  }
  expect(clean).toBeGreaterThan(1_000);
});
