import { render, screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { Highlight } from "./highlight";

it("marks ranges and keeps all text", () => {
  const { container } = render(<Highlight text="see the plan now" ranges={[[8, 12]]} />);
  expect(screen.getByText("plan").tagName).toBe("MARK");
  expect(container).toHaveTextContent("see the plan now");
});

it("counts an emoji as one", () => {
  render(<Highlight text="🎉🎉 plan" ranges={[[3, 7]]} />);
  expect(screen.getByText("plan").tagName).toBe("MARK");
});

it("passes over ranges that overlap", () => {
  const { container } = render(
    <Highlight
      text="abcdef"
      ranges={[
        [0, 4],
        [2, 6],
      ]}
    />,
  );
  expect(container).toHaveTextContent("abcdef");
});
