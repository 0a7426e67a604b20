// @vitest-environment jsdom
// DOMPurify needs a DOM that parses as browsers do.
import { render } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import Preview from "../preview";
import { walkPreview } from "./walk";

// What jsdom leaves out.
Element.prototype.scrollIntoView ??= () => {};

test("walks through the marks of the preview, from where one was in the text", () => {
  const { container } = render(<Preview source={"one **one** and one"} highlight={["one"]} />);
  const tell = vi.fn();
  const walk = walkPreview(container);
  walk.show([], { nth: 1 }, tell);
  expect(tell).toHaveBeenLastCalledWith({ current: 2, count: 3, more: false });
  walk.step(1);
  walk.step(1);
  expect(tell).toHaveBeenLastCalledWith({ current: 1, count: 3, more: false });
  expect(container.querySelectorAll(".hit-current")).toHaveLength(1);
  walk.leave();
  expect(container.querySelectorAll(".hit-current")).toHaveLength(0);
});

test("counts on as further sections come", async () => {
  const { container } = render(
    <Preview source={`# One\n\n${"word one ".repeat(2000)}\n\n`.repeat(3)} highlight={["one"]} />,
  );
  const tell = vi.fn();
  walkPreview(container).show([], { nth: 2500 }, tell);
  await vi.waitFor(() => expect(tell).toHaveBeenLastCalledWith({ current: 2501, count: 6003, more: false }), 10_000);
});
