/**
 * What follows a session for as long as somebody is signed in: signing out from wherever one is, the dialog when it ends, and the
 * other tabs. Stands once below `SyncProvider`; it shows nothing by itself.
 */
import { Suspense, useState } from "react";
import { useActions } from "@/app/actions/registry";
import { lazyPart, soonPart } from "@/shared/ui/lazy-part";

const SessionWatch = soonPart(() => import("./session-watch"));
// Dialogs bring the largest part of the interface library along, and most days none opens.
const SignOut = lazyPart(() => import("./sign-out"));

export function SessionKeeper() {
  const [leaving, setLeaving] = useState(false);
  useActions({ "app.signOut": () => setLeaving(true) });
  return (
    <>
      <Suspense>
        <SessionWatch />
      </Suspense>
      <Suspense>{leaving && <SignOut onClose={() => setLeaving(false)} />}</Suspense>
    </>
  );
}
