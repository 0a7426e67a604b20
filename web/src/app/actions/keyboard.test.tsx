import { fireEvent, render, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { writeAppearance } from "@/shared/lib/appearance";
import { listenToKeys } from "./keyboard";
import { registerActions } from "./registry";

const done = vi.fn();
let stop: () => void;
let take: () => void;

beforeEach(() => {
  stop = listenToKeys();
  take = registerActions({
    "note.new": () => done("new"),
    "note.save": () => done("save"),
    "note.archive": () => done("archive"),
    "note.pin": () => done("pin"),
    "note.open": () => done("open"),
    "go.back": () => done("back"),
    "go.archive": () => done("to the archive"),
    "app.keys": () => done("keys"),
  });
});
afterEach(() => {
  stop();
  take();
  done.mockClear();
  localStorage.clear();
});

describe("keys", () => {
  it("do what they stand for", async () => {
    await userEvent.keyboard("n{Control>}s{/Control}?");
    expect(done.mock.calls.flat()).toEqual(["new", "save", "keys"]);
  });

  it("after one another mean something of their own", async () => {
    await userEvent.keyboard("gee");
    expect(done.mock.calls.flat()).toEqual(["to the archive", "archive"]);
  });

  it("that write something are off in a field, the others are not", async () => {
    render(<input aria-label="Title" />);
    await userEvent.type(screen.getByLabelText("Title"), "nep?{Control>}s{/Control}{Escape}");
    expect(done.mock.calls.flat()).toEqual(["save", "back"]);
    expect(screen.getByLabelText("Title")).toHaveValue("nep?");
  });

  it("that write something are off where text is edited in place, and while a word is composed", () => {
    render(
      <div contentEditable suppressContentEditableWarning>
        <p>line</p>
      </div>,
    );
    fireEvent.keyDown(screen.getByText("line"), { key: "e" });
    fireEvent.keyDown(document.body, { key: "e", isComposing: true });
    fireEvent.keyDown(document.body, { key: "e", keyCode: 229 });
    expect(done).not.toHaveBeenCalled();
  });

  it("can be switched off, and then those with a modifier stay", async () => {
    writeAppearance({ singleKeys: false });
    await userEvent.keyboard("ne?ge{Control>}s{/Control}");
    expect(done.mock.calls.flat()).toEqual(["save"]);
  });

  it("belong to a dialog while it has the keyboard", async () => {
    render(
      <div role="dialog">
        <button type="button">OK</button>
      </div>,
    );
    screen.getByRole("button").focus();
    await userEvent.keyboard("n{Escape}");
    expect(done).not.toHaveBeenCalled();
  });

  it("leave Enter to the button that has the focus", async () => {
    const press = vi.fn();
    render(
      <button type="button" onClick={press}>
        OK
      </button>,
    );
    fireEvent.keyDown(document.body, { key: "Enter" });
    screen.getByRole("button").focus();
    await userEvent.keyboard("{Enter}");
    expect([done.mock.calls.length, press.mock.calls.length]).toEqual([1, 1]);
  });

  it("that somebody took for themselves are not taken again", () => {
    render(<input aria-label="Search" onKeyDown={(event) => event.key === "Escape" && event.preventDefault()} />);
    fireEvent.keyDown(screen.getByLabelText("Search"), { key: "Escape" });
    expect(done).not.toHaveBeenCalled();
  });
});
