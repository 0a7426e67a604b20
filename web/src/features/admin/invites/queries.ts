/** The invitations that are open, making them and taking them back. */
import { keepPreviousData, queryOptions, useQueryClient } from "@tanstack/react-query";
import { data, http } from "@/shared/api/client";
import { firstPages } from "@/shared/api/first-pages";
import { isProblem } from "@/shared/api/problem";
import type { components } from "@/shared/api/schema";

export type Invite = components["schemas"]["Invite"];
export type NewInvite = components["schemas"]["NewInvite"];

const key = ["admin", "invites"];

/** As many as somebody reads at once. */
const PAGE = 50;

export const invitesQuery = (pages: number) =>
  queryOptions({
    queryKey: [...key, pages],
    queryFn: ({ signal }) =>
      firstPages<Invite>(pages, PAGE, (query) => data(http.GET("/admin/invites", { params: { query }, signal }))),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });

/** Makes one; the answer is the only time that the link is seen. */
export function useMakeInvite() {
  const client = useQueryClient();
  return async (body: NewInvite) => {
    const made = await data(http.POST("/admin/invites", { body }));
    void client.invalidateQueries({ queryKey: key });
    return made;
  };
}

/** Takes one back; that it has gone meanwhile is as good. */
export function useRevokeInvite() {
  const client = useQueryClient();
  return async (id: string) => {
    try {
      await http.DELETE("/admin/invites/{id}", { params: { path: { id } } });
    } catch (error) {
      if (!isProblem(error, "not-found")) throw error;
    } finally {
      void client.invalidateQueries({ queryKey: key });
    }
  };
}
