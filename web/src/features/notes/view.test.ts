import { expect, it } from "vitest";
import { conditions, parseView, pinnedFirst, placeOf, without } from "./view";

it("reads what an address may say", () => {
  expect(parseView({ place: "archive", tag: "work", notebook: "b1", q: "plan", sort: "title" })).toEqual({
    place: "archive",
    tag: "work",
    notebook: "b1",
    q: "plan",
    sort: "title",
  });
});

it("leaves out what it does not understand, and what is the default anyway", () => {
  expect(parseView({ place: "all", sort: "-updated_at", q: "", tag: ["a"], notebook: null, other: 1 })).toEqual({});
});

it("takes numbers and booleans for the words they are", () => {
  expect(parseView({ q: 2026, tag: true })).toEqual({ q: "2026", tag: "true" });
});

it("takes one condition away and keeps the others", () => {
  const view = parseView({ tag: "work", q: "plan", sort: "title" });
  expect(without(view, "tag")).toEqual({ q: "plan", sort: "title" });
  expect(conditions(view)).toBe(2);
});

it("puts pinned notes first wherever pins mean something", () => {
  expect(pinnedFirst({})).toBe(true);
  expect(pinnedFirst({ tag: "work" })).toBe(true);
  expect(pinnedFirst({ place: "trash" })).toBe(false);
  expect(placeOf({ tag: "work" })).toBe("all");
});
