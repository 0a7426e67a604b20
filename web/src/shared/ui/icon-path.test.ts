import { expect, it } from "vitest";
import { pathOf } from "../../../build/icon-path";

it("a path that begins with a small m counts from the corner, and its further points from one another", () => {
  expect(pathOf(["path", { d: "m21 21-4.34-4.34", key: "k" }])).toBe("M0 0m21 21-4.34-4.34");
  expect(pathOf(["path", { d: "M12 17v5" }])).toBe("M12 17v5");
});

it("circles, lines and rounded rectangles are drawn as paths", () => {
  expect(pathOf(["circle", { cx: "12", cy: "12", r: "3" }])).toBe("M9 12a3 3 0 1 0 6 0a3 3 0 1 0 -6 0Z");
  expect(pathOf(["line", { x1: "1", y1: "2", x2: "3", y2: "4" }])).toBe("M1 2L3 4");
  expect(pathOf(["rect", { x: "2", y: "3", width: "20", height: "5", rx: "1" }])).toBe(
    "M3 3h18a1 1 0 0 1 1 1v3a1 1 0 0 1 -1 1h-18a1 1 0 0 1 -1 -1v-3a1 1 0 0 1 1 -1Z",
  );
});

it("what would be left out unseen is refused", () => {
  expect(() => pathOf(["path", { d: "M0 0", opacity: "0.5" }])).toThrow("<path opacity>");
  expect(() => pathOf(["text", {}])).toThrow("<text>");
});
