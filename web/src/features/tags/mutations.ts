/** Changing tags for all notes at once. Nothing is shown before the server's word: it may touch thousands of notes. */
import type { QueryClient } from "@tanstack/react-query";
import { refreshNotes } from "@/features/notes/queries";
import { data, http, type Tag } from "@/shared/api/client";

/** Gives a tag another name; that of another tag merges the two. */
export async function renameTag(client: QueryClient, from: string, name: string): Promise<Tag> {
  const renamed = await data(http.PATCH("/tags/{name}", { params: { path: { name: from } }, body: { name } }));
  await refreshNotes(client);
  return renamed;
}

export async function deleteTag(client: QueryClient, name: string): Promise<void> {
  await http.DELETE("/tags/{name}", { params: { path: { name } } });
  await refreshNotes(client);
}

/** The tag that a new name would merge into, as the server compares them. */
export const mergesInto = (tags: readonly Tag[], tag: Tag, name: string): Tag | undefined =>
  tags.find((other) => other.id !== tag.id && other.name.toLowerCase() === name.trim().toLowerCase());
