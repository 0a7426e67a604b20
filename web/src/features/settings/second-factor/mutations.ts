/** Changing the second factor. Whatever came of it, how it stands is read anew; so are the keys and sessions that end with it. */
import { useQueryClient } from "@tanstack/react-query";
import { totpQuery } from "@/features/auth/totp";
import { data, http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";

/** A new one, which asks for nothing until it is confirmed. */
export const drawFactor = () => data(http.POST("/me/totp"));

export function useSecondFactor() {
  const client = useQueryClient();
  const changing = async <T>(change: Promise<T>): Promise<T> => {
    try {
      return await change;
    } finally {
      for (const queryKey of [totpQuery().queryKey, ["api-keys"], ["sessions"]])
        void client.invalidateQueries({ queryKey });
    }
  };
  return {
    /** Answers the recovery codes. */
    confirm: (code: string) => changing(data(http.POST("/me/totp/confirm", { body: { code } }))),
    renewCodes: () => changing(data(http.POST("/me/recovery-codes"))),
    /** That it is off already is as good. */
    turnOff: () =>
      changing(
        http.DELETE("/me/totp").catch((error: unknown) => {
          if (!isProblem(error, "not-found")) throw error;
        }),
      ),
  };
}
