import { expect, it } from "vitest";
import { questionOf, savedAt, viewOf } from "./question";
import { savedSearch } from "./testing/saved-search";

it("comes back to the address that it was saved at", () => {
  for (const view of [
    { q: "tea" },
    { q: "tea", place: "archive" as const, tag: "home/tea", year: 2026 },
    { q: "tea", place: "pinned" as const, notebook: "n1" },
    { q: "tea", place: "trash" as const },
    { q: "tea", order: "created" as const, exact: true as const },
  ]) {
    expect(viewOf(questionOf(view))).toEqual(view);
  }
});

it("keeps no order of a list", () => {
  expect(questionOf({ q: "tea", sort: "title" })).toEqual(questionOf({ q: "tea" }));
});

it("opens what no address says as what comes nearest", () => {
  expect(viewOf(savedSearch("1", "Tea", { state: "active", pinned: false, sort: "relevance" }))).toEqual({ q: "tea" });
  expect(viewOf(savedSearch("1", "Tea", { state: "archived", pinned: true }))).toEqual({ q: "tea", place: "archive" });
});

it("knows the saved search of an address", () => {
  const all = [savedSearch("1", "Tea", { tag: "home" }), savedSearch("2", "Tea too", { query: "tea" })];
  expect(savedAt({ q: "tea", tag: "home" }, all)?.id).toBe("1");
  expect(savedAt({ q: "tea", sort: "title" }, all)?.id).toBe("2");
  expect(savedAt({ q: "coffee" }, all)).toBeUndefined();
});
