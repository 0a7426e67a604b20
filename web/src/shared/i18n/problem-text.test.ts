import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { Problem, Unreachable } from "@/shared/api/problem";
import { loadLanguage } from "./all";
import { problemText } from "./problem-text";

const problem = (type: string, status: number, headers: Record<string, string> = {}) =>
  new Problem(
    { type, status, title: "English title", detail: "English detail" },
    new Response(null, { status, headers }),
  );

const published = [...readFileSync("../docs/problems.md", "utf8").matchAll(/^\| (\d{3}) \| `([a-z-]+)` \|/gm)].map(
  ([, status, type]) => ({ status: Number(status), type: String(type) }),
);

describe("problemText", () => {
  afterEach(() => loadLanguage("en"));

  it("finds the published list", () => expect(published.length).toBeGreaterThan(25));

  it.each(published)("has words for $type in both languages", async ({ type, status }) => {
    const english = problemText(problem(type, status));
    expect(english).not.toBe("That did not work. Please try again.");
    expect(english).not.toContain("English");
    await loadLanguage("de");
    const german = problemText(problem(type, status));
    expect(german).not.toBe(english);
    expect(german).not.toMatch(/^problem\./);
  });

  it("tells an unknown type by its status", () => {
    expect(problemText(problem("brand-new", 429))).toContain("Too many attempts");
    expect(problemText(problem("brand-new", 418))).toContain("did not work");
  });

  it("says how long to wait", () => {
    expect(problemText(problem("busy", 503, { "Retry-After": "12" }))).toContain("in 12 seconds");
    expect(problemText(problem("busy", 429, { "Retry-After": "240" }))).toContain("in 4 minutes");
    expect(problemText(problem("busy", 503, { "Retry-After": "1" }))).not.toContain("second");
  });

  it("knows silence from an answer", () => expect(problemText(new Unreachable())).toContain("cannot be reached"));
});
