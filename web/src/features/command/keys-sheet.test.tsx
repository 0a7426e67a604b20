import { render, screen, within } from "@testing-library/react";
import { expect, it } from "vitest";
import { writeAppearance } from "@/shared/lib/appearance";
import KeysSheet from "./keys-sheet";

const show = () => {
  render(<KeysSheet open onOpenChange={() => {}} />);
  return screen.getByRole("dialog", { name: "Keyboard shortcuts" });
};

it("shows every action that has keys, as they stand on the keyboard", () => {
  const sheet = show();
  const line = (name: string) => within(sheet).getByText(name).parentElement;
  expect(line("New note")).toHaveTextContent("New noteN");
  expect(line("Preview")).toHaveTextContent("PreviewCtrlShiftPorV");
  expect(line("Next match")).toHaveTextContent("Next matchF3orCtrlG");
  expect(line("Previous match")).toHaveTextContent("Previous matchShiftF3orCtrlShiftG");
  expect(line("Go to the trash")).toHaveTextContent("Go to the trashGthenT");
});

it("leaves out keys that are switched off, and says so", () => {
  writeAppearance({ singleKeys: false });
  const sheet = show();
  expect(within(sheet).queryByText("New note")).not.toBeInTheDocument();
  expect(within(sheet).getByText("Save now")).toBeVisible();
  expect(sheet).toHaveTextContent("switched off");
  localStorage.clear();
});
