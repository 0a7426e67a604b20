/**
 * What follows from what the account is: that it is going to be deleted, and that some requests want a fresh credential of it.
 * Comes after everything else that follows a session, since most days neither is so.
 */
import { Suspense } from "react";
import { createPortal } from "react-dom";
import { lazyPart } from "@/shared/ui/lazy-part";
import { useSession } from "./session";
import { StepUpHost } from "./step-up/host";

const LeavingNotice = lazyPart(() => import("./leaving-notice"));

export default function AccountWatch() {
  const { deletes_at } = useSession().user;
  // The shell has made room for it there.
  const main = document.getElementById("main");
  return (
    <>
      <StepUpHost />
      <Suspense>{deletes_at && main && createPortal(<LeavingNotice at={deletes_at} />, main)}</Suspense>
    </>
  );
}
