import { useEffect, useState } from "react";
import { useSync, useSyncState } from "@/features/sync/provider";
import { Unreachable } from "@/shared/api/problem";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { Checkbox } from "@/shared/ui/checkbox";
import { Dialog } from "@/shared/ui/dialog";
import { FormFailure } from "./form-parts";
import { signOut } from "./leave";
import { useSession } from "./session";

/** Asks before signing out, above all when the server does not have everything yet. */
export default function SignOut({ onClose }: { onClose: () => void }) {
  const { user } = useSession();
  const sync = useSync();
  const { pending } = useSyncState();
  const [wipe, setWipe] = useState(false);
  const [waiting, setWaiting] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();

  async function leave(): Promise<void> {
    if (busy) return;
    setBusy(true);
    setFailure(undefined);
    try {
      await signOut(sync, { wipe });
    } catch (error) {
      setFailure(error instanceof Unreachable ? t("settings.signOut.offline") : problemText(error));
      setWaiting(false);
      setBusy(false);
    }
  }

  // What is unsent may well be on its way.
  useEffect(() => {
    void sync.saveAll().catch(() => {});
  }, [sync]);
  // The last note has arrived while somebody waits for it.
  useEffect(() => {
    if (waiting && pending === 0) void leave();
  });

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={t("settings.signOut.title")}
      description={t("settings.signOut.body", { email: user.email })}
    >
      {pending > 0 && (
        <div role="status" className="grid gap-1 rounded-md bg-warn-soft px-3 py-2 text-sm text-warn">
          <p className="font-medium">{t("settings.signOut.unsent", { count: pending })}</p>
          <p>{t("settings.signOut.unsent.body")}</p>
        </div>
      )}
      <Checkbox checked={wipe} onChange={setWipe} label={t("settings.signOut.wipe")}>
        {t("settings.signOut.wipe.hint")}
      </Checkbox>
      <FormFailure>{failure}</FormFailure>
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t("app.cancel")}</Button>
        {pending > 0 && (
          <Button disabled={waiting || busy} onClick={() => setWaiting(true)}>
            {waiting ? t("settings.signOut.waiting") : t("settings.signOut.wait")}
          </Button>
        )}
        <Button
          variant={pending === 0 ? "primary" : wipe ? "danger" : "default"}
          aria-disabled={busy || undefined}
          onClick={() => void leave()}
        >
          {busy ? t("settings.signOut.busy") : t(leaveWords(pending, wipe))}
        </Button>
      </div>
    </Dialog>
  );
}

const leaveWords = (pending: number, wipe: boolean) =>
  pending === 0 ? "settings.signOut" : wipe ? "settings.signOut.drop" : "settings.signOut.keep";
