import { expect, it } from "vitest";
import { deriveExcerpt, deriveTitle } from "./excerpt";

it("takes the first heading for the title, wherever it stands near the top", () => {
  expect(deriveTitle("a line before\n\n## The *plan* ##\n\ntext")).toBe("The plan");
});

it("takes the first line with text where there is no heading", () => {
  expect(deriveTitle("---\ntitle: x\n---\n\n- [ ] [oat milk](https://example.org)")).toBe("oat milk");
});

it("finds no title in nothing and in code", () => {
  expect(deriveTitle("")).toBe("");
  expect(deriveTitle("```\n# not a heading\n```")).toBe("");
});

it("leaves the title out of the excerpt, once", () => {
  expect(deriveExcerpt("Plan", "# Plan\n\nPlan\n\n> first **steps**")).toBe("Plan first steps");
});

it("cuts long texts at a word", () => {
  const excerpt = deriveExcerpt("", "word ".repeat(200));
  expect(excerpt.length).toBeLessThanOrEqual(241);
  expect(excerpt.endsWith("word…")).toBe(true);
});
