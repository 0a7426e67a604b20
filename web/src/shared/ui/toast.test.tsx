import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { announce, toast } from "./toast";
import { Toaster } from "./toaster";

beforeAll(() => import("./toast-card"));
beforeEach(() => vi.useFakeTimers({ shouldAdvanceTime: true }));
afterEach(() => {
  act(() => vi.runAllTimers());
  vi.useRealTimers();
});

/** What it is shown with is loaded first. */
const say = (...said: Parameters<typeof toast>) => act(async () => void toast(...said));

it("says it in a region that was there before, and goes by itself", async () => {
  render(<Toaster />);
  const [region] = screen.getAllByRole("status");
  await say("Moved to the archive");
  expect(region).toHaveTextContent("Moved to the archive");
  act(() => vi.advanceTimersByTime(6_100));
  expect(region).toBeEmptyDOMElement();
});

it("offers one way back, once", async () => {
  const run = vi.fn();
  render(<Toaster />);
  await say("Moved to the trash", { action: { label: "Undo", run } });
  await userEvent.setup({ advanceTimers: vi.advanceTimersByTime }).click(screen.getByRole("button", { name: "Undo" }));
  expect(run).toHaveBeenCalledOnce();
  expect(screen.queryByText("Moved to the trash")).toBeNull();
});

it("stays while it has the focus", async () => {
  render(<Toaster />);
  await say("Read me", { action: { label: "Undo", run: () => {} } });
  screen.getByRole("button", { name: "Undo" }).focus();
  act(() => vi.advanceTimersByTime(20_000));
  expect(screen.getByText("Read me")).toBeVisible();
  (document.activeElement as HTMLElement).blur();
  act(() => vi.advanceTimersByTime(2_000));
  expect(screen.queryByText("Read me")).toBeNull();
});

it("shows three at most", async () => {
  render(<Toaster />);
  await act(async () => {
    for (const one of ["1st", "2nd", "3rd", "4th"]) toast(one);
  });
  expect(screen.queryByText("1st")).toBeNull();
  expect(screen.getByText("4th")).toBeVisible();
});

it("tells screen readers the same words again", () => {
  render(<Toaster />);
  const region = screen.getAllByRole("status")[1];
  act(() => announce("Copied"));
  const first = region?.textContent;
  act(() => announce("Copied"));
  expect(region?.textContent).not.toBe(first);
});
