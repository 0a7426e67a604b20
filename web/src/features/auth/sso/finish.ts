/** Finishing what a trip to a provider was for, with what the provider said. */
import { data, http, type User } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { type Challenge, challengeOf } from "../sign-in";
import { type Identity, ssoHttp } from "./contract";
import type { Answer } from "./trip";

type Said = NonNullable<Answer["said"]>;

/** Who signed in, or the challenge that comes first. */
export async function finishSignIn(slug: string, said: Said): Promise<{ user: User } | Challenge> {
  const body = { ...said, token_delivery: "cookie" };
  try {
    return await data(ssoHttp.POST<{ user: User }>("/auth/sso/{slug}", { params: { path: { slug } }, body }));
  } catch (error) {
    const challenge = challengeOf(error);
    if (challenge) return challenge;
    throw error;
  }
}

export const finishLink = (slug: string, said: Said): Promise<Identity> =>
  data(ssoHttp.POST<Identity>("/me/identities/{slug}", { params: { path: { slug } }, body: said }));

/** Tells the server that it is oneself. The session may have run out meanwhile; reading anything renews it. */
export async function finishStepUp(slug: string, said: Said): Promise<void> {
  const show = () => ssoHttp.POST("/auth/step-up", { body: { method: "sso", slug, ...said } });
  try {
    await show();
  } catch (error) {
    if (!isProblem(error, "invalid-token", "authentication-required")) throw error;
    await http.GET("/me");
    await show();
  }
}
