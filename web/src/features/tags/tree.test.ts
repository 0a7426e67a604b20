import { expect, it } from "vitest";
import type { Tag } from "@/shared/api/client";
import { mergesInto } from "./mutations";
import { tagLines } from "./tree";

const tag = (name: string): Tag => ({ id: name, name, count: 1 });
const lines = (...names: string[]) =>
  tagLines(names.map(tag), "en").map(({ label, depth, tag: own }) => "-".repeat(depth) + label + (own ? "" : "*"));

it("nests by slashes", () => {
  expect(lines("work/projects", "travel", "work")).toEqual(["travel", "work", "-projects"]);
});

it("gives a name that is no tag a line only where it holds several together", () => {
  expect(lines("home/shopping")).toEqual(["home/shopping"]);
  expect(lines("home/a", "home/b")).toEqual(["home*", "-a", "-b"]);
});

it("sorts numbers as numbers and letters without regard to case", () => {
  expect(lines("w10", "w9", "B", "a")).toEqual(["a", "B", "w9", "w10"]);
});

it("knows which tag a new name would be merged into", () => {
  const [a, b] = [tag("todo"), tag("Later")];
  expect(mergesInto([a, b], a, " later ")).toBe(b);
  expect(mergesInto([a, b], a, "TODO")).toBeUndefined();
});
