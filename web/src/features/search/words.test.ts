import { expect, it } from "vitest";
import type { SearchHit } from "@/shared/api/client";
import { trimFragment } from "./fragment";
import { wordsToReveal } from "./words";

it("takes the words as they stand in what was found, each once", () => {
  const highlights: SearchHit["highlights"] = [
    { field: "title", offset: 0, fragment: "Plans", ranges: [[0, 5]] },
    {
      field: "body",
      offset: 0,
      fragment: "🎉 planned, Planned and plans",
      ranges: [
        [2, 9],
        [11, 18],
        [23, 28],
      ],
    },
  ];
  expect(wordsToReveal({ highlights })).toEqual(["planned", "plans"]);
});

it("takes words and phrases of a query", () => {
  expect(wordsToReveal('plan "two words" plan café')).toEqual(["plan", "two words", "café"]);
});

it("begins a fragment shortly before its first mark, at a word", () => {
  const before = "one two three four five six seven eight nine ten ";
  const { text, ranges } = trimFragment({
    fragment: `${before}plan more`,
    ranges: [[before.length, before.length + 4]],
  });
  expect(text.startsWith("…")).toBe(true);
  expect(text.slice(ranges[0]?.[0], ranges[0]?.[1])).toBe("plan");
});

it("leaves the signs of Markdown before a fragment out", () => {
  const { text, ranges } = trimFragment({ fragment: "# Quarterly plan", ranges: [[12, 16]] });
  expect(text).toBe("Quarterly plan");
  expect(text.slice(...(ranges[0] as [number, number]))).toBe("plan");
});
