/** Changing the passkeys of the account. */
import { useQueryClient } from "@tanstack/react-query";
import { passkeysQuery } from "@/features/auth/passkeys";
import { totpQuery } from "@/features/auth/totp";
import { http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import type { components } from "@/shared/api/schema";

export type Passkey = components["schemas"]["Passkey"];

/** Whatever came of a change, they are read anew; so is what ends with it. */
export function usePasskeyDeeds() {
  const client = useQueryClient();
  const changing = async <T>(change: Promise<T>): Promise<T> => {
    try {
      return await change;
    } finally {
      for (const queryKey of [passkeysQuery().queryKey, totpQuery().queryKey, ["api-keys"], ["sessions"]])
        void client.invalidateQueries({ queryKey });
    }
  };
  return {
    make: (name: string) => changing(import("@/features/auth/passkey").then(({ makePasskey }) => makePasskey(name))),
    rename: (id: string, name: string) =>
      changing(http.PATCH("/me/passkeys/{id}", { params: { path: { id } }, body: { name } })),
    /** That it has gone meanwhile is as good. */
    remove: (id: string) =>
      changing(
        http.DELETE("/me/passkeys/{id}", { params: { path: { id } } }).catch((error: unknown) => {
          if (!isProblem(error, "not-found")) throw error;
        }),
      ),
  };
}
