/**
 * Making and showing passkeys: the server's ceremonies, carried out by the browser.
 *
 * Brings a library along that turns the standard's JSON into what browsers take, so it is loaded when it is needed. What a person
 * gives up in the browser's own window is `GivenUp`; it is no failure of anybody's.
 */
import {
  browserSupportsWebAuthnAutofill,
  startAuthentication,
  startRegistration,
  WebAuthnAbortService,
} from "@simplewebauthn/browser";
import { data, http, type User } from "@/shared/api/client";
import type { components } from "@/shared/api/schema";

type Ceremony = components["schemas"]["PasskeyCeremony"];

/** The person closed the browser's window, has no such passkey, or took too long: browsers do not tell which. */
export class GivenUp extends Error {}

/** Somebody has made a passkey on this authenticator for this account before. */
export class MadeBefore extends Error {}

async function byBrowser<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name === "InvalidStateError") throw new MadeBefore();
    if (name === "NotAllowedError" || name === "AbortError") throw new GivenUp();
    throw error;
  }
}

const optionsOf = ({ options }: Ceremony) => (options as { publicKey: never }).publicKey;

const shown = async (ceremony: Ceremony, useBrowserAutofill = false) => ({
  state: ceremony.state,
  credential: await byBrowser(startAuthentication({ optionsJSON: optionsOf(ceremony), useBrowserAutofill })),
});

async function signIn(challenge: string | undefined, offered?: AbortSignal): Promise<User> {
  const asked = data(http.POST("/auth/passkey/begin", { body: challenge ? { challenge } : {} }));
  // Nobody has asked for an offer, so nobody is told that there is none.
  const ceremony = await asked.catch((error: unknown) => {
    throw offered ? new GivenUp() : error;
  });
  // The browser carries out one ceremony at a time: a late offer would end the one that somebody asked for meanwhile.
  if (offered?.aborted) throw new GivenUp();
  const body = { ...(await shown(ceremony, offered !== undefined)), token_delivery: "cookie" as const };
  return (await data(http.POST("/auth/passkey", { body }))).user;
}

/** Signs in by a passkey: without a password, or after one when there is a challenge. */
export const signInWithPasskey = (challenge?: string): Promise<User> => signIn(challenge);

/** Lets the browser offer passkeys where the address is typed; nothing where it cannot. Waits until one is chosen. */
export async function offerPasskeys(offered: AbortSignal): Promise<User | undefined> {
  return (await browserSupportsWebAuthnAutofill()) ? signIn(undefined, offered) : undefined;
}

/** Ends what the browser is doing: its window closes. */
export const stopCeremony = (): void => WebAuthnAbortService.cancelCeremony();

/** Shows one of the own passkeys again. */
export async function stepUpBody(): Promise<components["schemas"]["StepUp"]> {
  return { method: "passkey", ...(await shown(await data(http.POST("/auth/step-up/passkey")))) };
}

/** Makes one, and lets the server keep it under this name. */
export async function makePasskey(name: string): Promise<components["schemas"]["PasskeyAdded"]> {
  const ceremony = await data(http.POST("/me/passkeys/begin"));
  const credential = await byBrowser(startRegistration({ optionsJSON: optionsOf(ceremony) }));
  return data(http.POST("/me/passkeys", { body: { name, state: ceremony.state, credential } }));
}
