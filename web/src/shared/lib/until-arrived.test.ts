import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { untilArrived } from "./until-arrived";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("asks again until it has come, and then no more", async () => {
  const load = vi
    .fn<() => Promise<string>>()
    .mockRejectedValueOnce(new Error("no line"))
    .mockRejectedValueOnce(new Error("no line"))
    .mockResolvedValue("words");
  const arrived = untilArrived(load);
  await vi.advanceTimersByTimeAsync(1_999);
  expect(load).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(2_001);
  await expect(arrived).resolves.toBe("words");
  await vi.advanceTimersByTimeAsync(10_000);
  expect(load).toHaveBeenCalledTimes(3);
});
