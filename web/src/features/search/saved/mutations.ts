/** Changing saved searches. Moving one is shown at once and taken back when the server refuses; the dialogs show refusals themselves. */
import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { data, http } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { announce, toast } from "@/shared/ui/toast";
import { type SavedSearch, savedKey } from "./queries";
import type { Question } from "./question";

const put = (client: QueryClient, change: (all: SavedSearch[]) => SavedSearch[]) => {
  client.setQueryData<SavedSearch[]>(savedKey, (all) => all && change(all));
  void client.invalidateQueries({ queryKey: savedKey });
};

export async function saveSearch(client: QueryClient, name: string, question: Question): Promise<SavedSearch> {
  const { query, exact, ...filters } = question;
  const held = Object.fromEntries(Object.entries(filters).filter(([, value]) => value !== null));
  const made = await data(
    http.POST("/saved-searches", {
      params: { header: { "Idempotency-Key": crypto.randomUUID() } },
      body: { name, query, ...held, ...(exact ? { exact } : {}) },
    }),
  );
  put(client, (all) => [...all.filter((one) => one.id !== made.id), made]);
  return made;
}

export async function changeSearch(
  client: QueryClient,
  id: string,
  change: Partial<Question> & { name?: string },
): Promise<void> {
  const changed = await data(http.PATCH("/saved-searches/{id}", { params: { path: { id } }, body: change }));
  put(client, (all) => all.map((one) => (one.id === id ? changed : one)));
}

export async function deleteSearch(client: QueryClient, id: string): Promise<void> {
  await http.DELETE("/saved-searches/{id}", { params: { path: { id } } });
  put(client, (all) => all.filter((one) => one.id !== id));
}

/** Puts one of them in another place and says how that went. */
export function useMoveSearch(): (saved: SavedSearch, position: number) => void {
  const client = useQueryClient();
  return async (saved, position) => {
    await client.cancelQueries({ queryKey: savedKey });
    const before = client.getQueryData<SavedSearch[]>(savedKey);
    const rest = before?.filter((one) => one.id !== saved.id);
    if (rest) client.setQueryData(savedKey, rest.toSpliced(position, 0, saved));
    try {
      await http.PATCH("/saved-searches/{id}", { params: { path: { id: saved.id } }, body: { position } });
      announce(t("saved.did.moved", { name: saved.name }));
    } catch (error) {
      client.setQueryData(savedKey, before);
      toast(problemText(error), { tone: "error" });
    } finally {
      void client.invalidateQueries({ queryKey: savedKey });
    }
  };
}
