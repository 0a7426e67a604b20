import { expect, it } from "vitest";
import type { Notebook, Tag } from "@/shared/api/client";
import { contextAt, type Offer, taken, valueOffers, widerContext, wordOffers } from "./offers";

/** `¦` is the cursor. */
function at(marked: string) {
  const caret = marked.indexOf("¦");
  const query = marked.replace("¦", "");
  return { query, context: contextAt(query, caret) };
}

const tags: Tag[] = [
  { id: "t1", name: "travel", count: 2 },
  { id: "t2", name: "Café/work", count: 1 },
  { id: "t3", name: "cafe", count: 9 },
];
const notebooks: Notebook[] = [
  { id: "b1", name: "My garden", parent_id: null, position: 0, count: 3 } as Notebook,
  { id: "b2", name: "Work", parent_id: null, position: 1, count: 1 } as Notebook,
];

function labels(marked: string): string[] {
  const { context } = at(marked);
  if (!context?.key) return [];
  return valueOffers(context.key, context.typed, { tags, notebooks }).map(({ label }) => label);
}

it("knows what is being written", () => {
  expect(at("plan tag:caf¦").context).toEqual({ from: 5, to: 12, key: "tag", typed: "caf" });
  expect(at("-in:¦").context).toMatchObject({ from: 1, key: "in", typed: "" });
  expect(at("👩 pla¦").context).toEqual({ from: 3, to: 6, typed: "pla" });
  expect(at("pl¦an").context).toBeUndefined();
  expect(at("plan ¦").context).toBeUndefined();
  expect(at('"two wo¦').context).toBeUndefined();
  expect(at("is:pin¦").context).toMatchObject({ key: "is", typed: "pin" });
});

it("offers the values of a filter, what begins so before what has it elsewhere", () => {
  expect(labels("tag:¦")).toEqual(["cafe", "travel", "Café/work"]);
  expect(labels("tag:wor¦")).toEqual(["Café/work"]);
  expect(labels("in:GARD¦")).toEqual(["My garden"]);
  expect(labels("is:¦")).toEqual(["pinned", "archived", "trashed", "untagged", "active"]);
  expect(labels("has:t¦")).toEqual(["task"]);
  expect(labels("created:last¦")).toEqual(["last-week", "last-month", "last-year"]);
  expect(labels("lang:germ¦")).toEqual(["de"]);
});

it("takes a word behind a name for its second one, where there is such a name", () => {
  const wider = (marked: string) => {
    const { query, context } = at(marked);
    return context && widerContext(query, context);
  };
  expect(wider("plan in:my ga¦")).toEqual({ from: 5, to: 13, key: "in", typed: "my ga" });
  expect(wider("-tag:two wo¦")).toMatchObject({ from: 1, key: "tag", typed: "two wo" });
  expect(wider("in:my ¦")).toBeUndefined();
  expect(wider('in:"my" ga¦')).toBeUndefined();
  expect(wider("title:my ga¦")).toBeUndefined();
  expect(wider("plan ga¦")).toBeUndefined();
});

it("offers a name once, however many notebooks have it", () => {
  const twice = [...notebooks, { ...notebooks[1], id: "b3", parent_id: "b1", count: 4 } as Notebook];
  const offers = valueOffers("in", "wo", { tags, notebooks: twice });
  expect(offers.map(({ label, count }) => [label, count])).toEqual([["Work", 5]]);
});

it("offers nothing for what is whole", () => {
  expect(labels("has:task¦")).toEqual([]);
  expect(labels("title:plan¦")).toEqual([]);
});

it("offers what the server knows, and filters by their name, but no note that is listed already", () => {
  const offers = wordOffers(
    { from: 0, to: 2, typed: "ta" },
    [
      { kind: "title", text: "Tall", note_id: "listed", count: 1 },
      { kind: "title", text: "Tax", note_id: "n1", count: 1 },
      { kind: "word", text: "ta", note_id: null, count: 3 },
      { kind: "word", text: "table", note_id: null, count: 3 },
      { kind: "tag", text: "two words", note_id: null, count: 1 },
    ],
    new Set(["listed"]),
  );
  expect(offers.map(({ kind, label, insert, note }) => [kind, label, insert ?? note])).toEqual([
    ["title", "Tax", "n1"],
    ["word", "table", "table"],
    ["tag", "two words", 'tag:"two words"'],
    ["key", "tag:", "tag:"],
  ]);
});

it.each<[string, Partial<Offer>, string]>([
  ["plan ta¦", { kind: "key", insert: "tag:" }, "plan tag:¦"],
  ["plan tag:caf¦", { kind: "tag", insert: "tag:cafe" }, "plan tag:cafe ¦"],
  ["-tag:caf¦ plan", { kind: "tag", insert: "tag:cafe" }, "-tag:cafe ¦plan"],
])("puts an offer in the place of what was typed: %s", (marked, offer, wanted) => {
  const { query, context } = at(marked);
  if (!context) throw new Error("nothing is being written");
  const { text, caret } = taken(query, context, offer as Offer);
  expect(`${text.slice(0, caret)}¦${text.slice(caret)}`).toBe(wanted);
});
