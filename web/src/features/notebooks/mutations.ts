/**
 * Changing notebooks: shown at once, taken back when the server refuses.
 *
 * `useMoveNotebook` is what menus and dragging need; the dialogs show refusals beside their fields and use the plain requests.
 */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { refreshNotes } from "@/features/notes/queries";
import { data, http, type Notebook } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { announce, toast } from "@/shared/ui/toast";
import { notebooksKey } from "./queries";
import { flatten, moved, treeOf, withDescendants } from "./tree";

/** Where a notebook goes: under a parent (`null`: the top), at a place among its siblings there; absent: last. */
export interface Target {
  parent_id: string | null;
  position?: number;
}

export async function createNotebook(client: QueryClient, name: string, parent_id: string | null): Promise<Notebook> {
  const made = await data(
    http.POST("/notebooks", {
      params: { header: { "Idempotency-Key": crypto.randomUUID() } },
      body: { name, ...(parent_id ? { parent_id } : {}) },
    }),
  );
  client.setQueryData<Notebook[]>(notebooksKey, (all) => all && [...all.filter((one) => one.id !== made.id), made]);
  void client.invalidateQueries({ queryKey: notebooksKey });
  return made;
}

export async function renameNotebook(client: QueryClient, id: string, name: string): Promise<void> {
  const renamed = await data(http.PATCH("/notebooks/{id}", { params: { path: { id } }, body: { name } }));
  client.setQueryData<Notebook[]>(notebooksKey, (all) => all?.map((one) => (one.id === id ? renamed : one)));
  void client.invalidateQueries({ queryKey: notebooksKey });
}

export async function deleteNotebook(client: QueryClient, id: string, notes: "parent" | "trash"): Promise<void> {
  await http.DELETE("/notebooks/{id}", { params: { path: { id }, query: { notes } } });
  await refreshNotes(client);
}

/** Moves a notebook; throws what the server answered after the tree is as it was. */
export async function moveNotebook(client: QueryClient, id: string, target: Target): Promise<void> {
  await client.cancelQueries({ queryKey: notebooksKey });
  const before = client.getQueryData<Notebook[]>(notebooksKey);
  if (before) client.setQueryData(notebooksKey, moved(before, id, target));
  try {
    await http.PATCH("/notebooks/{id}", { params: { path: { id } }, body: target });
  } catch (error) {
    if (before) client.setQueryData(notebooksKey, before);
    throw error;
  } finally {
    void client.invalidateQueries({ queryKey: notebooksKey });
  }
}

/** Moves a notebook and says how that went. A move into itself is none. */
export function useMoveNotebook(): (id: string, target: Target) => void {
  const client = useQueryClient();
  return (id, target) => {
    const all = client.getQueryData<Notebook[]>(notebooksKey) ?? [];
    const tree = treeOf(all);
    const one = flatten(tree).find((branch) => branch.notebook.id === id)?.notebook;
    if (!one || (target.parent_id && withDescendants(tree, id).has(target.parent_id))) return;
    moveNotebook(client, id, target).then(
      () => announce(t("notebooks.did.moved", { name: one.name })),
      (error: unknown) =>
        toast(isProblem(error, "notebook-exists") ? t("notebooks.takenThere") : problemText(error), { tone: "error" }),
    );
  };
}
