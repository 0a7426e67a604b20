import { render } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { actionFor, availableActions, registerActions, runAction, useActions } from "./registry";

const said: number[] = [];

function Part({ number }: { number: number }) {
  useActions({ "note.pin": () => said.push(number) });
  return null;
}

describe("the registry of actions", () => {
  it("knows only what somebody has registered, until they take it back", () => {
    const take = registerActions({ "note.new": () => {} });
    expect(availableActions().map((action) => action.id)).toEqual(["note.new"]);
    take();
    expect(availableActions()).toEqual([]);
  });

  it("asks the one who registered last, and the one before where that one cannot now", () => {
    const [list, pane] = [vi.fn(), vi.fn()];
    let open = true;
    const takes = [
      registerActions({ "note.archive": list }),
      registerActions({
        "note.archive": { run: pane, enabled: () => open, label: "command.note.unarchive" },
      }),
    ];
    expect(actionFor("note.archive")?.label).toBe("command.note.unarchive");
    runAction("note.archive");
    open = false;
    runAction("note.archive");
    expect([pane.mock.calls.length, list.mock.calls.length]).toEqual([1, 1]);
    for (const take of takes) take();
    expect(runAction("note.archive")).toBe(false);
  });

  it("does what the component says in its last render, as long as it is there", () => {
    const { rerender, unmount } = render(<Part number={1} />);
    rerender(<Part number={2} />);
    runAction("note.pin");
    unmount();
    runAction("note.pin");
    expect(said).toEqual([2]);
  });
});
