import { describe, expect, it } from "vitest";
import type { Notebook } from "@/shared/api/client";
import { pathName } from "./path";
import { flatten, moved, placeBeside, treeOf, withDescendants } from "./tree";

const book = (id: string, parent_id: string | null = null, position = 0): Notebook => ({
  id,
  name: id.toUpperCase(),
  parent_id,
  position,
  count: 0,
  created_at: "2026-03-01T09:30:00Z",
  updated_at: "2026-03-01T09:30:00Z",
});
const books = [book("a", null, 0), book("b", null, 1), book("c", null, 2), book("b1", "b", 0), book("b2", "b", 1)];
const shape = (all: readonly Notebook[]) =>
  flatten(treeOf(all))
    .map(({ notebook, depth }) => "-".repeat(depth) + notebook.id)
    .join(" ");

it("makes a tree in the order of the siblings", () => {
  expect(shape(books)).toBe("a b -b1 -b2 c");
});

it("shows a notebook whose parent is unknown at the top", () => {
  expect(shape([book("a"), book("x", "gone", 1)])).toBe("a x");
});

it("names a notebook with all around it", () => {
  expect(pathName(books, "b2")).toBe("B / B2");
  expect(pathName(books, "gone")).toBe("");
});

it("knows where a notebook cannot be moved to", () => {
  expect([...withDescendants(treeOf(books), "b")]).toEqual(["b", "b1", "b2"]);
});

describe("moved", () => {
  it("moves up and down among its siblings", () => {
    expect(shape(moved(books, "c", { parent_id: null, position: 0 }))).toBe("c a b -b1 -b2");
    expect(shape(moved(books, "a", { parent_id: null, position: 1 }))).toBe("b -b1 -b2 a c");
  });

  it("moves into another one, last, with all that is in it", () => {
    expect(shape(moved(books, "b", { parent_id: "c" }))).toBe("a c -b --b1 --b2");
    expect(shape(moved(books, "a", { parent_id: "b" }))).toBe("b -b1 -b2 -a c");
  });

  it("moves out to the top", () => {
    expect(shape(moved(books, "b1", { parent_id: null, position: 1 }))).toBe("a b1 b -b2 c");
  });
});

it("counts the place beside another one without the one that moves", () => {
  const [a, , c] = books as [Notebook, Notebook, Notebook];
  expect(placeBeside(books, c, "after", "a")).toBe(2);
  expect(placeBeside(books, c, "before", "a")).toBe(1);
  expect(placeBeside(books, a, "before", "c")).toBe(0);
});
