/** Requests below `/auth` that want a session: their 401 may speak of what was typed, so the client does not renew it by itself. */
import { http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";

/** Sends it again when the session has run out meanwhile; reading anything renews it. */
export async function renewing<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    if (!isProblem(error, "invalid-token", "authentication-required")) throw error;
    await http.GET("/me");
    return send();
  }
}
