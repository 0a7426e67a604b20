import { render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { TitleField } from "./title-field";

const field = () => screen.getByRole("textbox", { name: "Title" });

it("gives every change away, and Enter leads on to the text", async () => {
  const [onChange, onEnter] = [vi.fn(), vi.fn()];
  render(<TitleField title="Trip" limit={500} onChange={onChange} onEnter={onEnter} />);
  await userEvent.type(field(), "s{Enter}");
  expect(onChange).toHaveBeenCalledExactlyOnceWith("Trips");
  expect(onEnter).toHaveBeenCalledOnce();
  await userEvent.clear(field());
  expect(onChange).toHaveBeenLastCalledWith(null);
});

it("says that a title is too long, and keeps it", async () => {
  const onChange = vi.fn();
  const { rerender } = render(<TitleField title={null} limit={5} onChange={onChange} onEnter={() => {}} />);
  await userEvent.type(field(), "Kyotos!");
  expect(onChange).toHaveBeenLastCalledWith("Kyotos!");
  rerender(<TitleField title="Kyotos!" limit={5} onChange={onChange} onEnter={() => {}} />);
  expect(screen.getByRole("alert")).toHaveTextContent("2 characters too long");
  expect(field()).toBeInvalid();
  await userEvent.tab();
  expect(field()).toHaveValue("Kyotos!");
});

it("takes a pasted paragraph as one line", async () => {
  const onChange = vi.fn();
  render(<TitleField title={null} limit={500} onChange={onChange} onEnter={() => {}} />);
  await userEvent.click(field());
  await userEvent.paste("Trip\nto Kyoto");
  expect(onChange).toHaveBeenLastCalledWith("Trip to Kyoto");
});
