/** Signing in with a password, and what the server wants beside it of an account with a second factor. */
import { data, http, type User } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import type { components } from "@/shared/api/schema";

export type CodeMethod = components["schemas"]["CodeMethod"];

/** What may answer a challenge. */
export type SecondMethod = CodeMethod | "passkey";

/** What the second step answers. It is good for some minutes. */
export interface Challenge {
  challenge: string;
  methods: SecondMethod[];
}

/** The challenge in the answer to a sign-in that wants a second factor. */
export function challengeOf(error: unknown): Challenge | undefined {
  if (!isProblem(error, "second-factor-required")) return;
  const { challenge, methods } = (error.body ?? {}) as Partial<Challenge>;
  return challenge ? { challenge, methods: methods ?? ["totp"] } : undefined;
}

/** Who signed in, or the challenge that comes first. */
export async function signIn(email: string, password: string): Promise<{ user: User } | Challenge> {
  try {
    return await data(http.POST("/auth/login", { body: { email, password, token_delivery: "cookie" } }));
  } catch (error) {
    const challenge = challengeOf(error);
    if (challenge) return challenge;
    throw error;
  }
}

/** A code as the server wants it: people write spaces where apps show them. */
export const tidyCode = (code: string): string => code.replace(/\s/g, "");
