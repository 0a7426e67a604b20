/**
 * The pages that lead to an account. Their names are the whole path, but for the provider behind `sso`; the server writes those of links
 * into them, and of what providers are asked.
 */
import type { QueryClient } from "@tanstack/react-query";
import { notFound, redirect } from "@tanstack/react-router";
import type { ComponentType } from "react";
import type { Door } from "./door";
import { keptSession } from "./kept";
import { nextHref } from "./next";
import { LoginPage } from "./pages/login-page";
import { serverQuery } from "./server";
import { takeAnswer, takenAnswer } from "./sso/trip";

const pages = {
  // The one that is gone to most comes along.
  login: async () => LoginPage,
  register: async () => (await import("./pages/register-page")).RegisterPage,
  setup: async () => (await import("./pages/setup-page")).SetupPage,
  invite: async () => (await import("./pages/invite-page")).InvitePage,
  reset: async () => (await import("./pages/reset-page")).ResetPage,
  sso: async () => (await import("./sso/sso-page")).SsoPage,
};

/** Milliseconds that a page waits for the server's word before it shows what is the same for every server. */
const PATIENCE = 1_000;

/**
 * Waits for the word that decides what a page before signing in shows, so that nothing moves when it comes. Without the
 * server the page is shown all the same, and says so when it is used.
 */
async function knowServer({ context }: { context: { queryClient: QueryClient } }): Promise<void> {
  const asked = context.queryClient.ensureQueryData(serverQuery()).catch(() => {});
  await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

/** Somebody is signed in on this device; should the session be over, the app asks for the password in place. */
function passSignedIn({ search }: { search: Door }): void {
  if (keptSession()) throw redirect({ href: nextHref(search.next), replace: true });
}

type Came = Parameters<typeof passSignedIn>[0] & Parameters<typeof knowServer>[0];

/** What each of them may want of the address; most want nothing. */
type DoorPage = ComponentType<{ next?: string | undefined; slug: string }>;

/**
 * The page of that name, once what it says about the server is known. Throws `notFound` where there is none, and leads
 * somebody who is signed in already away from where one signs in or makes an account without a link.
 */
export async function loadDoor(
  { door, slug }: { door: string; slug?: string | undefined },
  came: Came,
): Promise<{ Door: DoorPage }> {
  if (!Object.hasOwn(pages, door) || (slug !== undefined) !== (door === "sso")) throw notFound();
  // At once: it is in the address.
  if (door === "sso") takeAnswer();
  if (door === "login" || door === "register" || (door === "sso" && !takenAnswer())) passSignedIn(came);
  const [Door] = await Promise.all([pages[door as keyof typeof pages](), knowServer(came)]);
  return { Door };
}
