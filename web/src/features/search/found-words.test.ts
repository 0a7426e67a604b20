import { expect, it } from "vitest";
import type { SearchHit } from "@/shared/api/client";
import { soughtIn } from "./found-words";
import { trimFragment } from "./fragment";

it("takes the words as they stand in what was found, each once, and the place of the first", () => {
  const highlights: SearchHit["highlights"] = [
    { field: "title", offset: 0, fragment: "Plans", ranges: [[0, 5]] },
    {
      field: "body",
      offset: 40,
      fragment: "🎉 planned, Planned and plans",
      ranges: [
        [2, 9],
        [11, 18],
        [23, 28],
      ],
    },
  ] as SearchHit["highlights"];
  expect(soughtIn({ highlights }, "plan")).toEqual({ q: "plan", words: ["planned", "plans"], at: 42 });
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
