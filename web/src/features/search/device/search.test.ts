import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import type { Note } from "@/shared/api/client";
import { contentsOf } from "./contents";
import { momentsOf } from "./moments";
import { deviceSearch } from "./search";
import { fold, placesOf } from "./tokens";

interface Shared {
  now: string;
  notebooks: { id: string; name: string; parent_id: string | null }[];
  notes: {
    name: string;
    title: string;
    body: string;
    tags: string[];
    notebook: string | null;
    pinned: boolean;
    state: Note["state"];
    created: string;
    updated: string;
  }[];
  rows: { q: string; exact?: boolean; finds: string[] }[];
}

// The rows that the server's index is tested with, too; the days in them are those of Greenwich.
const path = resolve(import.meta.dirname, "../../../../../tests/fixtures/query_matches.json");
const shared = JSON.parse(readFileSync(path, "utf8")) as Shared;
beforeAll(() => vi.stubEnv("TZ", "UTC"));
afterAll(() => vi.unstubAllEnvs());

const notes = shared.notes.map(({ name, notebook, created, updated, ...note }): Note & { name: string } => ({
  ...note,
  name,
  id: name,
  notebook_id: notebook,
  title_derived: false,
  version: "1",
  created_at: created,
  updated_at: updated,
  trashed_at: null,
}));

function find(q: string, more: Partial<Parameters<typeof deviceSearch>[1]> = {}): string[] {
  const { states, fits } = deviceSearch(q, { notebooks: shared.notebooks, now: new Date(shared.now), ...more });
  return notes.filter((note) => states.includes(note.state) && fits(note)).map(({ name }) => name);
}

it.each(shared.rows)("finds for $q what the server finds", ({ q, exact, finds }) => {
  expect(find(q, { exact })).toEqual(finds);
});

it("leaves aside what only the server knows, and says so", () => {
  expect(find("berlin lang:de ")).toEqual(["train"]);
  expect(find("berlin -lang:de ")).toEqual(["train"]);
  expect(find("lang:de OR berlin ")).toEqual(find(""));
  const { unknown } = deviceSearch('lang:de -in:"two words" is:pinned', { notebooks: undefined, now: new Date() });
  expect(unknown).toEqual(["lang:de", 'in:"two words"']);
  expect(find("in:work ticket ", { notebooks: undefined })).toEqual(["train"]);
});

it("folds as the index does", () => {
  const alike: [string, string][] = [
    ["é", "e\u0301"],
    ["ﬁne", "fine"],
    ["Ｗｉｄｅ", "wide"],
    ["İstanbul", "istanbul"],
    ["Łódź", "lodz"],
    ["Ærø", "aero"],
    ["ΣΊΣΥΦΟΣ", "σισυφος"],
    ["ёлка", "елка"],
    ["co\u00ADoperate", "cooperate"],
    ["ｶﾞ", "ガ"],
  ];
  for (const [one, other] of alike) expect(placesOf(one)).toEqual(placesOf(other));
  for (const [one, other] of [
    ["की", "का"],
    ["が", "か"],
    ["ขา", "ข้า"],
    ["й", "и"],
  ] as const)
    expect(fold(one)).not.toBe(fold(other));
  expect(placesOf("東京tower塔 🎉done👍 ❤️").flat()).toEqual(["東", "京", "tower", "塔", "🎉", "done", "👍", "❤"]);
  expect(placesOf("fooBar HTMLParser iOS aXbYcZ")).toEqual([
    ["foobar", "foo", "bar"],
    ["htmlparser", "html", "parser"],
    ["ios"],
    ["axbycz"],
  ]);
  expect(placesOf("x".repeat(5_000))).toEqual([["x".repeat(100)]]);
});

it("tells what a note has in it as the index does", () => {
  const rows: [string, string][] = [
    ["", ""],
    ["plain [text] (here) a! b", ""],
    ["see [here](https://example.org)", "l"],
    ["HTTPS://example.org, or www.example.org", "l"],
    ["[a][ref]\n\n[ref]: /there", "l"],
    ["xhttp://no http:// www. \\[no](x)", ""],
    ["![alt](a.png)", "i"],
    ["[![alt](a.png)](https://example.org)", "il"],
    ["a [link\nover lines](x)", "l"],
    ["a [link\n\nno](x)", ""],
    ["- [ ] milk", "t"],
    ["> 1. [x] milk\n", "t"],
    ["* - [X]", "t"],
    ["[ ] milk", ""],
    ["- [] milk\n- [-] x\n- [x]y", ""],
    ["```\n[a](b)\n- [ ] c\n```\n", "c"],
    ["~~~~\n~~~\n[a](b)\n~~~~\n![a](b)", "ci"],
    ["- ```rust\n  x\n  ```\n[a](b)", "cl"],
    ["`[a](b)` and ``x ` [a](b)``", ""],
    ["```no``` [a](b)", "l"],
    ["`open [a](b)", "l"],
    ["日本 https://例え.jp", "l"],
  ];
  for (const [body, has] of rows) {
    expect(
      [...contentsOf(body)]
        .map((one) => one[0])
        .sort()
        .join(""),
      body,
    ).toBe(has);
  }
});

it("counts days where the device is", () => {
  vi.stubEnv("TZ", "Europe/Berlin");
  const now = new Date("2026-03-30T22:30:00Z");
  const said = (value: string) =>
    momentsOf(value, now).map((at) => (at === undefined ? "-" : new Date(at).toISOString().slice(0, 16)));
  expect(said("today")).toEqual(["2026-03-30T22:00", "2026-03-31T22:00"]);
  // The clocks went forward on the 29th.
  expect(said("2026-03-29")).toEqual(["2026-03-28T23:00", "2026-03-29T22:00"]);
  expect(said("last-week")).toEqual(["2026-03-22T23:00", "2026-03-29T22:00"]);
  expect(said("last-month")).toEqual(["2026-01-31T23:00", "2026-02-28T23:00"]);
  // February has no 31st.
  expect(said("1m")).toEqual(["2026-02-27T23:30", "-"]);
  expect(said("<=0099")[1]).toMatch(/^0099-12-31|^0100-01-01/);
  vi.stubEnv("TZ", "UTC");
});
