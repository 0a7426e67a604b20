import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { dateFits } from "./dates";
import { lex, pointAt, unitsOf, withoutPart, written } from "./lexer";

interface Row {
  q: string;
  parts: { kind: string; start: number; end: number; negated: boolean }[];
  problems: number[][];
}

// The rows that the server's parser is tested with, too.
const shared = resolve(import.meta.dirname, "../../../../../tests/fixtures/query_parts.json");
const rows = JSON.parse(readFileSync(shared, "utf8")) as Row[];

it.each(rows)("cuts $q into its parts", ({ q, parts, problems }) => {
  const lexed = lex(q);
  expect(lexed.parts.map(({ kind, start, end, negated }) => ({ kind, start, end, negated }))).toEqual(parts);
  expect(lexed.problems).toEqual(problems);
});

it("tells what is sought from how it is written", () => {
  const values = (q: string) => lex(q).parts.map(({ key, value }) => [key, value]);
  expect(values('-"two words" Tag:"a b" plan* x')).toEqual([
    [undefined, "two words"],
    ["tag", "a b"],
    [undefined, "plan"],
    [undefined, "x"],
  ]);
});

it("ends with every text, in order and without gaps in what is counted", () => {
  const signs = ["a", "-", "(", ")", '"', " ", "OR", "tag:", "is:x", "*", "👩", ":"];
  // A fixed sequence that meets all neighbours, instead of chance.
  let seed = 7;
  for (let round = 0; round < 2_000; round += 1) {
    let q = "";
    for (let n = round % 9; n >= 0; n -= 1) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      q += signs[Math.floor(seed / 65_536) % signs.length];
    }
    let end = 0;
    for (const part of lex(q).parts) {
      expect(part.start).toBeGreaterThanOrEqual(end);
      expect(part.end).toBeGreaterThan(part.start);
      end = part.end;
    }
    expect(end).toBeLessThanOrEqual(Array.from(q).length);
  }
});

it("knows the dates of a calendar", () => {
  for (const good of ["2024-02-29", "<=2026", "2026..", "..2026-02", "30d", "Yesterday"])
    expect(dateFits(good)).toBe(true);
  for (const bad of ["2023-02-29", "2026-13", "..", "26", ">", "a..b", ""]) expect(dateFits(bad)).toBe(false);
});

it("translates between places in a field and in the API", () => {
  expect(unitsOf("a👩b")).toEqual([0, 1, 3, 4]);
  expect(pointAt("a👩b", 3)).toBe(2);
});

it("takes a part out with the space around it", () => {
  const without = (q: string, index: number) => {
    const part = lex(q).parts[index];
    return part && withoutPart(q, part);
  };
  expect(without("👩 tag:work plan", 1)).toBe("👩 plan");
  expect(without("tag:work plan", 0)).toBe("plan");
  expect(without("plan tag:work", 1)).toBe("plan");
});

it("quotes what would not hold together", () => {
  expect(written("tag", "work/project")).toBe("tag:work/project");
  expect(written("in", "Two words")).toBe('in:"Two words"');
  expect(written("in", 'Say "x"')).toBe('in:"Say  x"');
});
