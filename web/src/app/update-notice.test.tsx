import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { describe, expect, it, vi } from "vitest";
import { onBeforeReload, reload } from "@/shared/lib/before-reload";
import { offerUpdate } from "./update-notice";

describe("the offer of a new version", () => {
  it("is one, forces nothing, and does what the latest one says", async () => {
    const [first, second] = [vi.fn(), vi.fn()];
    act(() => offerUpdate(first));
    act(() => offerUpdate(second));
    expect(screen.getAllByText("A new version is ready")).toHaveLength(1);
    expect(first).not.toHaveBeenCalled();
    await userEvent.click(screen.getByRole("button", { name: "Reload" }));
    expect(second).toHaveBeenCalledOnce();
    expect(screen.getByRole("button", { name: "Reload" })).toBeDisabled();
    await userEvent.click(screen.getByRole("button", { name: "Later" }));
    expect(screen.queryByText("A new version is ready")).toBeNull();
  });

  it("can be made again after it was put off", async () => {
    act(() => offerUpdate(() => {}));
    expect(screen.getByText("A new version is ready")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Later" }));
  });
});

describe("loading the page again", () => {
  it("waits for what is not on disk yet", async () => {
    const order: string[] = [];
    const loads = vi.spyOn(location, "reload").mockImplementation(() => void order.push("reload"));
    const off = onBeforeReload(async () => {
      await Promise.resolve();
      order.push("kept");
    });
    await reload();
    off();
    expect(order).toEqual(["kept", "reload"]);
    loads.mockRestore();
  });

  it("does not wait for a disk that fails", async () => {
    const loads = vi.spyOn(location, "reload").mockImplementation(() => {});
    const off = onBeforeReload(() => Promise.reject(new Error("full")));
    await reload();
    off();
    expect(loads).toHaveBeenCalledOnce();
    loads.mockRestore();
  });
});
