/** Taking off the accounts elsewhere that the own account is linked with. */
import { useQueryClient } from "@tanstack/react-query";
import { identitiesQuery } from "@/features/auth/sso/identities";
import { http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";

/** That it has gone meanwhile is as good; whatever came of it, they are read anew. */
export function useUnlink() {
  const client = useQueryClient();
  return async (id: string): Promise<void> => {
    try {
      await http.DELETE("/me/identities/{id}", { params: { path: { id } } });
    } catch (error) {
      if (!isProblem(error, "not-found")) throw error;
    } finally {
      for (const queryKey of [identitiesQuery().queryKey, ["api-keys"], ["sessions"]])
        void client.invalidateQueries({ queryKey });
    }
  };
}
