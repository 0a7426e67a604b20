/** Finishing what a trip to a provider was for, with what the provider said. */
import { data, http, type User } from "@/shared/api/client";
import type { components } from "@/shared/api/schema";
import { renewing } from "../renewing";
import { type Challenge, challengeOf } from "../sign-in";
import type { Answer } from "./trip";

type Said = NonNullable<Answer["said"]>;

/** Who signed in, or the challenge that comes first. */
export async function finishSignIn(slug: string, said: Said): Promise<{ user: User } | Challenge> {
  const body = { ...said, token_delivery: "cookie" as const };
  try {
    return await data(http.POST("/auth/sso/{slug}", { params: { path: { slug } }, body }));
  } catch (error) {
    const challenge = challengeOf(error);
    if (challenge) return challenge;
    throw error;
  }
}

export const finishLink = (provider: string, said: Said): Promise<components["schemas"]["Identity"]> =>
  data(http.POST("/me/identities", { body: { provider, ...said } }));

/** Tells the server that it is oneself. */
export const finishStepUp = (slug: string, said: Said): Promise<unknown> =>
  renewing(() => http.POST("/auth/step-up/sso/{slug}", { params: { path: { slug } }, body: said }));
