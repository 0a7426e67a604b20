/**
 * What follows a session for as long as somebody is signed in: the dialog when it ends, signing out from wherever one is, and
 * the other tabs. Stands once below `SyncProvider` and after the shell, whose actions it uses; it shows nothing by itself.
 */
import { lazy, Suspense, useEffect, useState } from "react";
import { runAction, useActions } from "@/app/actions/registry";
import { takeShortcut } from "@/app/shortcut";
import { useSync } from "@/features/sync/provider";
import { onBeforeReload } from "@/shared/lib/before-reload";
import { useEnded } from "./ended";
import { followOtherTabs } from "./other-tabs";
import { useSession } from "./session";

// Dialogs bring the largest part of the interface library along, and most days none of these opens.
const SignInAgain = lazy(() => import("./sign-in-again"));
const SignOut = lazy(() => import("./sign-out"));

export function SessionKeeper() {
  const ended = useEnded();
  const session = useSession();
  const sync = useSync();
  const [leaving, setLeaving] = useState(false);
  useActions({ "app.signOut": () => setLeaving(true) });
  useEffect(() => {
    if (takeShortcut()) runAction("note.new");
  }, []);
  useEffect(() => onBeforeReload(() => sync.saveAll()), [sync]);
  useEffect(() => followOtherTabs(session, sync), [session, sync]);
  return (
    <Suspense>
      {ended === "asking" && <SignInAgain />}
      {leaving && <SignOut onClose={() => setLeaving(false)} />}
    </Suspense>
  );
}
