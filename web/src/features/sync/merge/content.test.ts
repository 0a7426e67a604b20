import { expect, test } from "vitest";
import { blank } from "../model";
import { mergeContent } from "./content";

const base = { ...blank, title: "Title", body: "one\ntwo\nthree\n", tags: ["a", "b"] };

test("tags are merged as a set, without regard to case", () => {
  const merged = mergeContent(base, { ...base, tags: ["a", "B", "c"] }, { ...base, tags: ["b", "d", "C"] });
  expect(merged).toEqual({ clean: true, content: { ...base, tags: ["b", "d", "C"] } });
});

test("where both sides moved, pinned or archived it, this device's act stands", () => {
  const merged = mergeContent(
    base,
    { ...base, notebook_id: "mine", state: "archived" },
    { ...base, notebook_id: "theirs", pinned: true },
  );
  expect(merged).toEqual({ clean: true, content: { ...base, notebook_id: "mine", state: "archived", pinned: true } });
});

test("two new titles are a conflict, and the texts are merged in both sides all the same", () => {
  const merged = mergeContent(
    base,
    { ...base, title: "Mine", body: "ONE\ntwo\nthree\n" },
    { ...base, title: "Theirs", body: "one\ntwo\nTHREE\n" },
  );
  const body = "ONE\ntwo\nTHREE\n";
  expect(merged).toEqual({
    clean: false,
    mine: { ...base, title: "Mine", body },
    theirs: { ...base, title: "Theirs", body },
  });
});

test("texts that met are both kept whole", () => {
  const merged = mergeContent(base, { ...base, body: "mine" }, { ...base, body: "theirs", pinned: true });
  expect(merged).toEqual({
    clean: false,
    mine: { ...base, body: "mine", pinned: true },
    theirs: { ...base, body: "theirs", pinned: true },
  });
});
