import { expect, test } from "vitest";
import type { Note } from "@/shared/api/client";
import { ID, Person, stage } from "./testing/stage";

test("what is kept is listed offline, with this device's changes on top", async () => {
  const { world, browser, pass } = stage();
  world.server.add(ID, { title: "Café", body: "milk and bread" });
  const tab = await browser().open();
  await pass(100);
  const ann = new Person(tab, ID);
  await pass(100);
  world.server.fault = () => "lost";
  const list = async (filter: Parameters<typeof tab.engine.cached>[0]) => {
    const found = tab.engine.cached(filter);
    await pass(10);
    return (await found).map(({ title, excerpt }) => `${title}: ${excerpt}`);
  };
  const withWord = (word: string) => ({ fits: ({ body }: Note) => body?.includes(word) === true });
  expect(await list(withWord("bread"))).toEqual(["Café: milk and bread"]);
  ann.type("milk and\nbutter");
  tab.engine.create({ body: "# New one\ntext" });
  await pass(100);
  expect(await list({})).toHaveLength(2);
  expect(await list(withWord("bread"))).toEqual([]);
  expect(await list(withWord("butter"))).toEqual(["Café: milk and butter"]);
  expect(await list(withWord("New"))).toEqual(["New one: # New one text"]);
  void tab.engine.trash(ID);
  await pass(100);
  expect(await list({ states: ["trashed"] })).toEqual(["Café: milk and butter"]);
  expect(await list(withWord("butter"))).toEqual([]);
  expect(await list({ states: ["active", "trashed"] })).toHaveLength(2);
});
