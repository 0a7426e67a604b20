import { describe, expect, it } from "vitest";
import { append, changeItems, firstPage, type Identity, refreshHead } from "./paged";

interface Item {
  id: string;
  version: string;
}
const of: Identity<Item> = { id: (item) => item.id, version: (item) => item.version };
const items = (text: string): Item[] => text.split(" ").map((id) => ({ id: id.replace(/'/g, ""), version: id }));
const page = (text: string, next: string | null = "more") => firstPage({ items: items(text), next }, undefined, of);
const ids = (list: { items: Item[] }) => list.items.map(({ id }) => id).join(" ");

describe("append", () => {
  it("adds a page behind the others", () => {
    const list = append(page("a b"), { items: items("c d"), next: null }, of);
    expect(ids(list)).toBe("a b c d");
    expect(list.next).toBeNull();
  });

  it("shows an item once that moved down between two requests", () => {
    expect(ids(append(page("a b"), { items: items("b c"), next: null }, of))).toBe("a b c");
  });
});

describe("refreshHead", () => {
  const long = () => append(page("a b c"), { items: items("d e f"), next: "even more" }, of);

  it("keeps the pages behind the seam and where the next one begins", () => {
    const list = refreshHead(long(), page("a b c"), of);
    expect(ids(list)).toBe("a b c d e f");
    expect(list.next).toBe("even more");
  });

  it("puts new items first, and what they pushed out of the first page stays", () => {
    expect(ids(refreshHead(long(), page("x a b"), of))).toBe("x a b c d e f");
  });

  it("moves an item up that was changed further down", () => {
    expect(ids(refreshHead(long(), page("e' a b"), of))).toBe("e a b c d f");
  });

  it("drops what has gone from before the seam", () => {
    expect(ids(refreshHead(long(), page("a c d"), of))).toBe("a c d e f");
  });

  it("does not take a moved item for the seam", () => {
    expect(ids(refreshHead(long(), page("x a e'"), of))).toBe("x a e b c d f");
  });

  it("is all that is known where nothing connects", () => {
    expect(ids(refreshHead(long(), page("x y z"), of))).toBe("x y z");
  });

  it("is the whole list where there is no next page", () => {
    expect(ids(refreshHead(long(), page("a b", null), of))).toBe("a b");
  });
});

describe("changeItems", () => {
  it("changes and takes out", () => {
    const list = changeItems(page("a b c"), new Set(["a", "b"]), (i) => (i.id === "a" ? undefined : i), of);
    expect(ids(list)).toBe("b c");
    expect(list.ids.has("a")).toBe(false);
  });

  it("is the same list when it holds none of them", () => {
    const list = page("a b");
    expect(changeItems(list, new Set(["x"]), () => undefined, of)).toBe(list);
  });
});
