import { expect, test } from "vitest";
import { cut } from "./sections";

test("a short text is one section, and all of it", () => {
  expect(cut("# a\n\ntext")).toEqual({ frontMatter: null, sections: ["# a\n\ntext"], definitions: "" });
});

test("front matter is taken off", () => {
  expect(cut("---\ntitle: x\n---\n\ntext")).toMatchObject({ frontMatter: "title: x", sections: ["\ntext"] });
  expect(cut("---\n\ntext\n\n---\n").frontMatter).toBeNull();
});

test("sections together are the text, and none begins inside of code", () => {
  const part = `# Part\n\n${"word ".repeat(400)}\n\n\`\`\`\n# no heading\n\nplain\n\`\`\`\n\n`;
  const source = part.repeat(80);
  const { sections } = cut(source);
  expect(sections.join("")).toBe(source);
  expect(sections.length).toBeGreaterThan(3);
  for (const section of sections) expect((section.match(/^```/gm) ?? []).length % 2).toBe(0);
});

test("definitions of links are found for all sections, those in code are not", () => {
  expect(cut("[a]: https://a.test\n\n```\n[b]: x\n```\n\n[^1]: note").definitions).toBe("[a]: https://a.test");
});
