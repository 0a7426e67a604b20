import { render, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import { content } from "../testing/fake-sync";
import ConflictView from "./conflict-view";

const conflict = {
  kind: "conflict" as const,
  base: content({ body: "Take the rail pass." }),
  mine: content({ body: "Take the rail ticket.", tags: ["mine"] }),
  theirs: content({ body: "Take the bus pass." }),
};
const show = (onChoose = vi.fn(async () => {})) => {
  render(<ConflictView conflict={conflict} notebookName={() => "none"} onChoose={onChoose} />);
  return onChoose;
};

it("takes the focus and shows both sides with what each of them changed", () => {
  show();
  expect(screen.getByRole("heading", { name: "This note was changed in two places" })).toHaveFocus();
  const mine = screen.getByRole("region", { name: "Yours, on this device" });
  expect(within(mine).getByRole("insertion")).toHaveTextContent("added: ticket end.");
  expect(within(mine).getByRole("deletion")).toHaveTextContent("removed: pass end.");
  expect(within(mine).getByText("mine")).toBeVisible();
  const theirs = screen.getByRole("region", { name: "Theirs, from elsewhere" });
  expect(within(theirs).getByRole("insertion")).toHaveTextContent("bus");
});

it.each([
  ["Keep mine", "mine"],
  ["Keep theirs", "theirs"],
  ["Keep both", "both"],
])("%s is chosen by the keyboard too", async (name, choice) => {
  const onChoose = show();
  screen.getByRole("button", { name }).focus();
  await userEvent.keyboard("{Enter}");
  expect(onChoose).toHaveBeenCalledExactlyOnceWith(choice);
});

it("decides nothing by itself", () => {
  const onChoose = show();
  expect(onChoose).not.toHaveBeenCalled();
});
