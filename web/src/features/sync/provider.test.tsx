import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { act, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { makeDoor } from "./door";
import { SyncContext, SyncProvider, useNote, useSync, useSyncState } from "./provider";
import { ID, Person, stage } from "./testing/stage";
import type { Sync } from "./types";

function Page({ id }: { id: string }) {
  const status = useNote(id);
  const { pending } = useSyncState();
  return (
    <p>
      {status.status === "ready" ? `${status.note.content.body}, ${status.note.saving.kind}` : status.status}, {pending}
    </p>
  );
}

const doors = new Set<Sync>();

function Look() {
  doors.add(useSync());
  return <i>here</i>;
}

test("a component sees a note from loading to saved, and everything asked of the door before its engine was there is done", async () => {
  const { world, browser, pass } = stage();
  world.server.add(ID, { body: "one" });
  const tab = await browser().open();
  await pass(100);
  let arrive: (sync: Sync) => void = () => {};
  const door = makeDoor(
    () =>
      new Promise((done) => {
        arrive = done;
      }),
  );
  const seen = () => document.querySelector("p")?.textContent;
  render(
    <SyncContext value={door}>
      <Page id={ID} />
    </SyncContext>,
  );
  expect(seen()).toBe("loading, 0");
  const made = door.create({ body: "early" }, ID.replace("c895", "c896"));
  door.edit(made, { pinned: true });
  await act(async () => {
    arrive(tab.engine);
    await pass(200);
  });
  expect(seen()).toBe("one, saved, 1");
  await act(() => pass(3_000));
  expect(world.server.notes.get(made)).toMatchObject({ body: "early", pinned: true });
  expect(seen()).toBe("one, saved, 0");
  await act(async () => {
    door.typed(ID, () => "one two");
    await pass(50);
  });
  expect(seen()).toBe("one, device, 1");
  world.server.fault = () => "lost";
  await act(() => pass(1_100));
  expect(seen()).toBe("one two, offline, 1");
  world.server.fault = () => "none";
  await act(() => pass(2_000));
  expect(seen()).toBe("one two, saved, 0");
  expect(new Person(tab, ID).saving).toBe("saved");
});

test("rendering twice opens one door, and hooks outside a provider say what is missing", async () => {
  const client = new QueryClient();
  const app = () => (
    <QueryClientProvider client={client}>
      <SyncProvider store="store" user="ann">
        <Look />
      </SyncProvider>
    </QueryClientProvider>
  );
  render(app()).unmount();
  render(app());
  expect(screen.getByText("here")).toBeVisible();
  expect(doors.size).toBe(1);
  vi.spyOn(console, "error").mockImplementation(() => {});
  expect(() => render(<Look />)).toThrow("SyncProvider");
});
