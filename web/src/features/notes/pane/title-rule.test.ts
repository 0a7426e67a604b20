import { expect, it } from "vitest";
import { content } from "./testing/fake-sync";
import { oneLine, opensWithTitle, titleExcess, titleValue } from "./title-rule";

it("a title that comes from the text has no field of its own", () => {
  expect(opensWithTitle({ content: content() })).toBe(false);
  expect(opensWithTitle({ content: content({ title: "Trip" }) })).toBe(true);
  expect(opensWithTitle({ content: content({ body: " \n" }) })).toBe(true);
});

it("is one line, and nothing when it is blank", () => {
  expect(oneLine("a\r\nb\u2028c")).toBe("a b c");
  expect([titleValue("  "), titleValue(" a")]).toEqual([null, " a"]);
});

it("is measured in characters, as the server does", () => {
  expect(titleExcess("🍵".repeat(500), 500)).toBe(0);
  expect(titleExcess("🍵".repeat(503), 500)).toBe(3);
});
