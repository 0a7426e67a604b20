import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { setupServer } from "msw/node";
import { afterAll, afterEach, beforeAll, expect, it, vi } from "vitest";
import { renderInNotes } from "@/features/notes/list/testing/render-list";
import { fakeSync } from "@/features/notes/pane/testing/fake-sync";
import { apiUrl } from "@/shared/api/base";
import NotebookPicker from "../notebook-picker";
import NotebookDialog, { type NotebookTask } from "./notebook-dialog";

const book = (id: string, name: string, parent_id: string | null = null, count = 0) => ({
  id,
  name,
  parent_id,
  position: 0,
  count,
  created_at: "2026-03-01T09:30:00Z",
  updated_at: "2026-03-01T09:30:00Z",
});
const work = book("w", "Work", null, 3);
const all = [work, book("g", "Garden"), book("p", "Projects", "w")];
const seen: { method: string; path: string; body: unknown }[] = [];
const server = setupServer(
  http.get(`${apiUrl}/notebooks`, () => HttpResponse.json({ items: all, next_cursor: null })),
  http.get(`${apiUrl}/notes`, () => HttpResponse.json({ items: [], next_cursor: null })),
);
server.events.on("request:start", async ({ request }) => {
  if (request.method === "GET") return;
  const { pathname, search } = new URL(request.url);
  seen.push({
    method: request.method,
    path: pathname + search,
    body: await request
      .clone()
      .json()
      .catch(() => null),
  });
});

beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  server.resetHandlers();
  seen.length = 0;
});
afterAll(() => server.close());

async function open(task: NotebookTask) {
  const onClose = vi.fn();
  const { sync } = fakeSync({ status: "loading" });
  await renderInNotes(sync, <NotebookDialog task={task} onClose={onClose} />);
  return { user: userEvent.setup(), onClose };
}

it("makes a notebook inside another one", async () => {
  server.use(http.post(`${apiUrl}/notebooks`, () => HttpResponse.json(book("n", "Ideas", "w"), { status: 201 })));
  const { user, onClose } = await open({ kind: "create", parent: work });
  await user.type(await screen.findByLabelText("Name"), " Ideas {Enter}");
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(seen).toEqual([{ method: "POST", path: "/api/v1/notebooks", body: { name: "Ideas", parent_id: "w" } }]);
});

it("says beside the field that the name is taken", async () => {
  server.use(
    http.patch(`${apiUrl}/notebooks/:id`, () =>
      HttpResponse.json({ type: "notebook-exists", status: 409, title: "T", detail: "d" }, { status: 409 }),
    ),
  );
  const { user, onClose } = await open({ kind: "rename", notebook: work });
  const field = await screen.findByLabelText("Name");
  await user.clear(field);
  await user.type(field, "Garden{Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("Choose another name");
  expect(field).toHaveAccessibleDescription(/Choose another name/);
  expect(onClose).not.toHaveBeenCalled();
});

it("asks for a name before the server does", async () => {
  const { user } = await open({ kind: "create", parent: null });
  await user.type(await screen.findByLabelText("Name"), "  {Enter}");
  expect(await screen.findByRole("alert")).toHaveTextContent("Give it a name");
  expect(seen).toEqual([]);
});

it("moves a notebook anywhere but into itself", async () => {
  server.use(http.patch(`${apiUrl}/notebooks/:id`, () => HttpResponse.json(work)));
  const { user, onClose } = await open({ kind: "move", notebook: work });
  await user.click(await screen.findByRole("option", { name: "Garden" }));
  expect(screen.queryByRole("option", { name: /Projects/ })).toBeNull();
  await user.click(screen.getByRole("button", { name: "Move here" }));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(seen[0]?.body).toEqual({ parent_id: "g" });
});

it("deletes a notebook with the choice what becomes of its notes", async () => {
  server.use(http.delete(`${apiUrl}/notebooks/:id`, () => new HttpResponse(null, { status: 204 })));
  const { user, onClose } = await open({ kind: "delete", notebook: work });
  expect(await screen.findByText("What happens to the 3 notes in it?")).toBeVisible();
  await user.click(screen.getByLabelText("Move to the trash"));
  await user.click(screen.getByRole("button", { name: "Delete the notebook" }));
  await waitFor(() => expect(onClose).toHaveBeenCalled());
  expect(seen[0]?.path).toBe("/api/v1/notebooks/w?notes=trash");
});

it("picks a notebook by keys alone, by its full name", async () => {
  const onPick = vi.fn();
  const { sync } = fakeSync({ status: "loading" });
  await renderInNotes(sync, <NotebookPicker current={null} onPick={onPick} onClose={() => {}} />);
  const user = userEvent.setup();
  const field = await screen.findByRole("combobox");
  await screen.findByRole("option", { name: "Work / Projects" });
  await user.type(field, "work pro");
  await waitFor(() => expect(screen.getAllByRole("option")).toHaveLength(2));
  await user.keyboard("{Enter}");
  expect(onPick).toHaveBeenCalledWith("p");
});
