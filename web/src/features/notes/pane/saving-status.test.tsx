import { act, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { expect, it, vi } from "vitest";
import type { Saving } from "@/features/sync/types";
import { Problem } from "@/shared/api/problem";
import { Toaster } from "@/shared/ui/toaster";
import { SavingStatus } from "./saving-status";

const busy = new Problem({ type: "busy" }, new Response(null, { status: 503 }));
const page = (saving: Saving, news?: string) => (
  <>
    <SavingStatus saving={saving} news={news} onTryNow={() => {}} />
    <Toaster />
  </>
);
const announced = () => document.querySelector(".sr-only")?.textContent?.trim();

it("going to and fro between saved and saved here is shown, not announced", () => {
  const { rerender } = render(page({ kind: "saved" }));
  rerender(page({ kind: "device" }));
  expect(screen.getByText("Saved on this device")).toBeVisible();
  rerender(page({ kind: "saved" }));
  expect(announced()).toBe("");
});

it("trouble and its end are announced once", () => {
  const { rerender } = render(page({ kind: "device" }));
  rerender(page({ kind: "offline", at: 0 }));
  expect(announced()).toBe("Offline, edits are kept on this device");
  rerender(page({ kind: "saved" }));
  expect(announced()).toBe("Saved");
});

it("counts down to the next try, which can be had now", async () => {
  vi.useFakeTimers({ shouldAdvanceTime: true });
  const onTryNow = vi.fn();
  render(
    <SavingStatus
      saving={{ kind: "retrying", at: Date.now() + 8_000, problem: busy }}
      news={undefined}
      onTryNow={onTryNow}
    />,
  );
  expect(screen.getByText("Could not save; trying again in 8 s")).toBeVisible();
  await act(() => vi.advanceTimersByTimeAsync(3_000));
  expect(screen.getByText(/in 5 s/)).toBeVisible();
  vi.useRealTimers();
  await userEvent.click(screen.getByRole("button", { name: "Try now" }));
  expect(onTryNow).toHaveBeenCalledOnce();
});

it("news takes the place of good words, never of bad ones", () => {
  const { rerender } = render(page({ kind: "saved" }, "Changed elsewhere"));
  expect(screen.getByText("Changed elsewhere", { selector: "p" })).toBeVisible();
  rerender(page({ kind: "offline", at: 0 }, "Changed elsewhere"));
  expect(screen.getByText("Offline, edits are kept on this device", { selector: "p" })).toBeVisible();
});
