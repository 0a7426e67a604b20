/**
 * The dialog when the session ends, and the other tabs. Comes after the first view, and asks for what happened before.
 */
import { lazy, Suspense, useEffect } from "react";
import { useSync } from "@/features/sync/provider";
import { onBeforeReload } from "@/shared/lib/before-reload";
import { useEnded } from "./ended";
import { followOtherTabs } from "./other-tabs";
import { useSession } from "./session";

const SignInAgain = lazy(() => import("./sign-in-again"));

export default function SessionWatch() {
  const ended = useEnded();
  const session = useSession();
  const sync = useSync();
  useEffect(() => onBeforeReload(() => sync.saveAll()), [sync]);
  useEffect(() => followOtherTabs(session, sync), [session, sync]);
  return <Suspense>{ended === "asking" && <SignInAgain />}</Suspense>;
}
