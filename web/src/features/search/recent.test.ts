import { beforeEach, expect, it } from "vitest";
import { forget, readRecent, remember } from "./recent";

beforeEach(() => localStorage.clear());

it("keeps the last eight, the latest first, and each once", () => {
  for (const q of ["1", "2", "3", "4", "5", "6", "7", "8", "9", "Three", "three"]) remember("u", q);
  expect(readRecent("u")).toEqual(["three", "9", "8", "7", "6", "5", "4", "3"]);
});

it("keeps them for each account on its own", () => {
  remember("u", "plan");
  expect(readRecent("v")).toEqual([]);
});

it("forgets one", () => {
  remember("u", "a");
  remember("u", "b");
  expect(forget("u", "a")).toEqual(["b"]);
  expect(readRecent("u")).toEqual(["b"]);
});

it("reads nothing out of what it did not write", () => {
  localStorage.setItem("inkstone.searches.u", "{");
  expect(readRecent("u")).toEqual([]);
  localStorage.setItem("inkstone.searches.u", '{"a":1}');
  expect(readRecent("u")).toEqual([]);
});
