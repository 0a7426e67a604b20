/** Going out of an account on this device. */
import type { Sync } from "@/features/sync/types";
import { base } from "@/shared/api/base";
import { http } from "@/shared/api/client";
import { forgetSession } from "./kept";
import { leaveFor } from "./sso/trip";

/** Opens the sign-in page anew, so that nothing in memory outlives the account. */
const toLogin = () => location.assign(`${base}/login`);

/**
 * Ends the session on the server, then here. Throws `Unreachable` without the server, before anything has changed: the
 * cookies that prove who somebody is can be taken away by nobody else.
 *
 * @param wipe Whether the notes on this device go, too; with everything that was not sent yet.
 */
export async function signOut(sync: Sync, { wipe }: { wipe: boolean }): Promise<void> {
  const { data } = await http.POST("/auth/logout", { body: {} });
  await sync.close({ wipe, force: true });
  forgetSession();
  // The provider's own session ends, too, where the administrator wants that. It sends the browser back to the sign-in page.
  if (data?.provider_logout_url) leaveFor(data.provider_logout_url);
  else toLogin();
}

/** The session has ended already: leaves the account here, its drafts stay on the device for its next sign-in. */
export async function leaveAccount(sync: Sync): Promise<void> {
  await sync.close({ wipe: false, force: true }).catch(() => {});
  forgetSession();
  toLogin();
}
