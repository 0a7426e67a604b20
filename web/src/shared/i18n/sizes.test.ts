import { afterAll, expect, it } from "vitest";
import { loadLanguage } from ".";
import { fileSize } from "./sizes";

afterAll(() => loadLanguage("en"));

it.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1_000, "1 kB"],
  [840_400, "840 kB"],
  [999_600, "1 MB"],
  [3_412_345, "3.4 MB"],
  [250_400_000, "250 MB"],
  [2_147_483_648, "2.1 GB"],
  [7_000_000_000_000, "7,000 GB"],
])("%d bytes are told as %s", (bytes, words) => expect(fileSize(bytes)).toBe(words));

it("is told as the language writes it", async () => {
  await loadLanguage("de");
  expect(fileSize(3_412_345).replace("\u00a0", " ")).toBe("3,4 MB");
});
