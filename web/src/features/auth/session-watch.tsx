/**
 * The dialog when the session ends, the other tabs, and what the account may do. Comes after the first view, and asks for what
 * happened before.
 */
import { lazy, Suspense, useEffect } from "react";
import { useSync } from "@/features/sync/provider";
import { onBeforeReload } from "@/shared/lib/before-reload";
import { lazyPart } from "@/shared/ui/lazy-part";
import { barWriting } from "./bar-writing";
import { useEnded } from "./ended";
import { followOtherTabs } from "./other-tabs";
import { useSession } from "./session";

const AccountWatch = lazyPart(() => import("./account-watch"));
const SignInAgain = lazy(() => import("./sign-in-again"));

export default function SessionWatch() {
  const ended = useEnded();
  const session = useSession();
  const sync = useSync();
  const { role } = session.user;
  useEffect(() => {
    // Not taken back: the pages before signing in have nothing that it hides.
    document.documentElement.dataset.role = role;
    return barWriting();
  }, [role]);
  useEffect(() => onBeforeReload(() => sync.saveAll()), [sync]);
  useEffect(() => followOtherTabs(session, sync), [session, sync]);
  return (
    <>
      <Suspense>{ended === "asking" && <SignInAgain />}</Suspense>
      <Suspense>
        <AccountWatch />
      </Suspense>
    </>
  );
}
