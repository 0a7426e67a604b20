import { afterEach, expect, it } from "vitest";
import { readAppearance, writeAppearance } from "./appearance";

afterEach(() => {
  writeAppearance({ theme: "system" });
  localStorage.clear();
});

it("what is absent or not understood has its default", () => {
  localStorage.setItem("inkstone.appearance", '{"theme":"purple","singleKeys":"no","fontSize":"large"}');
  expect(readAppearance()).toEqual({ theme: "system", singleKeys: true, fontSize: "large" });
  localStorage.setItem("inkstone.appearance", "null");
  expect(readAppearance()).toEqual({ theme: "system", singleKeys: true, fontSize: "normal" });
});

it("a change keeps the rest, and the page shows the theme at once", () => {
  writeAppearance({ singleKeys: false, language: "de" });
  writeAppearance({ theme: "dark" });
  expect(JSON.parse(localStorage.getItem("inkstone.appearance") ?? "")).toEqual({
    theme: "dark",
    singleKeys: false,
    fontSize: "normal",
    language: "de",
  });
  expect(document.documentElement.dataset.theme).toBe("dark");
  writeAppearance({ theme: "system", language: undefined });
  expect(document.documentElement.dataset.theme).toBeUndefined();
  expect(readAppearance().language).toBeUndefined();
});
