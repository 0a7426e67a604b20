/**
 * The trip to a provider of single sign-on and back.
 *
 * Owns leaving for the provider, what it said when it sent the browser back, and where somebody goes on afterwards. Whether it is good,
 * and whose it is, the server decides; what came of it is said by `outcome.ts`.
 *
 * What a reader would get wrong: the page is left in between, so nothing in memory survives. `next` waits in the session storage of
 * this tab, to which the provider comes back; it is as untrusted there as in an address (`next.ts`).
 */
import { base } from "@/shared/api/base";
import { data, http } from "@/shared/api/client";
import type { components } from "@/shared/api/schema";
import { flushAll } from "@/shared/lib/before-reload";
import { renewing } from "../renewing";

/** What it is for: signing in, linking the provider's account with the one here, or showing again that it is oneself. */
export type Errand = "sign-in" | "link" | "step-up";

const beginnings: Record<Errand, (slug: string) => Promise<components["schemas"]["SsoBegun"]>> = {
  "sign-in": (slug) => data(http.POST("/auth/sso/{slug}/begin", { params: { path: { slug } } })),
  link: (provider) => data(http.POST("/me/identities/begin", { body: { provider } })),
  "step-up": (slug) =>
    renewing(() => data(http.POST("/auth/step-up/sso/{slug}/begin", { params: { path: { slug } } }))),
};

const NEXT = `inkstone.sso.next${base}`;

/** The address of this page below `base`, to come back to. */
export const hereNow = (): string => `${location.pathname.slice(base.length)}${location.search}${location.hash}`;

/** Opens the page of somebody else. What is no address of the web would run as a script, or open a program. */
export function leaveFor(address: string): void {
  const { protocol, href } = new URL(address);
  if (protocol !== "https:" && protocol !== "http:") throw new Error(`no address of the web: ${protocol}`);
  location.assign(href);
}

/** Leaves for the provider, once everything typed is on the disk. Throws a `Problem` or `Unreachable` when that cannot begin. */
export async function goToProvider(errand: Errand, slug: string, next: string | undefined): Promise<void> {
  const { url } = await beginnings[errand](slug);
  keepNext(next);
  await flushAll();
  leaveFor(url);
}

function keepNext(next: string | undefined): void {
  try {
    if (next) sessionStorage.setItem(NEXT, next);
    else sessionStorage.removeItem(NEXT);
  } catch {
    // A browser that keeps nothing goes on at the list.
  }
}

/** Where somebody wanted to go who left for the provider in this tab. */
export function keptNext(): string | undefined {
  try {
    return sessionStorage.getItem(NEXT) ?? undefined;
  } catch {
    return undefined;
  }
}

/** What the provider sent the browser back with. */
export interface Answer {
  errand: Errand;
  /** To be handed to the server as it came. */
  said: { code: string; state: string; iss?: string } | undefined;
  /** Why there is no code: the provider's word for it (`access_denied`). */
  error: string | undefined;
}

/** The states of the server begin with what they are for. It is a hint for the page; the server looks for itself. */
function errandOf(state: string): Errand {
  if (state.startsWith("link.")) return "link";
  return state.startsWith("up.") ? "step-up" : "sign-in";
}

let answer: Answer | undefined;

/**
 * Takes the provider's answer out of the address: whoever sees the code may try to use it, so no history, no screenshot and no
 * bookmark keeps it. Read before the router has rewritten the address, since a code of digits would be a number to it.
 */
export function takeAnswer(): void {
  const { search } = location;
  if (!search) return;
  const asked = new URLSearchParams(search);
  const [code, state, iss, error] = ["code", "state", "iss", "error"].map((name) => asked.get(name) || undefined);
  const said = code && state ? { code, state, ...(iss ? { iss } : {}) } : undefined;
  answer = said || error ? { errand: errandOf(state ?? ""), said, error } : undefined;
  history.replaceState(history.state, "", location.pathname);
}

/** What was taken; nothing when the page was opened by itself, or loaded again. */
export const takenAnswer = (): Answer | undefined => answer;

/** It is good once: from here on, whoever comes back to this page begins anew. */
export const spendAnswer = (): void => {
  answer = undefined;
};
