/** What the routes before signing in share: their address, and that whoever is signed in goes straight on. */
import { redirect } from "@tanstack/react-router";
import { keptSession } from "./kept";
import { nextHref } from "./next";

/** The address behind `?`. */
export interface Door {
  /** Where to go afterwards; untrusted, see `next.ts`. */
  next?: string;
}

export const parseDoor = (search: Record<string, unknown>): Door =>
  typeof search.next === "string" && search.next !== "/" ? { next: search.next } : {};

/** Somebody is signed in on this device; should the session be over, the app asks for the password in place. */
export function passSignedIn({ search }: { search: Door }): void {
  if (keptSession()) throw redirect({ href: nextHref(search.next), replace: true });
}
