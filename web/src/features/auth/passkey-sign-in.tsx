/** Signing in with a passkey: by its button, or by what the browser offers where the address is typed. */
import { useEffect, useRef, useState } from "react";
import type { User } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { Button } from "@/shared/ui/button";
import { FormFailure } from "./form-parts";
import { GivenUp, offerPasskeys, signInWithPasskey, stopCeremony } from "./passkey";
import { passkeyFailure } from "./passkey-words";

interface Props {
  /** After a password: what the passkey is the second factor of. */
  challenge?: string;
  enter: (user: User) => Promise<void>;
  /** What is said of a failure, where there are better words than everybody's; nothing: something else follows. */
  explain?: (error: unknown) => string | undefined;
  autoFocus?: boolean;
}

/** How long an offer is good: shorter than the server keeps it. */
const OFFERED_FOR = 4 * 60_000;

export default function PasskeySignIn({ challenge, enter, explain, autoFocus }: Props) {
  /** Counts the offers: each ends by being taken up, by the button or by its time. */
  const [offer, setOffer] = useState(0);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<string>();
  const entering = useRef(enter);
  entering.current = enter;
  const offers = useRef<AbortController>(undefined);
  const showing = useRef(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another offer is made each time that the last one has ended.
  useEffect(() => {
    if (challenge) return stopCeremony;
    const offered = new AbortController();
    offers.current = offered;
    offerPasskeys(offered.signal)
      .then((user) => user && entering.current(user))
      .catch((error: unknown) => {
        // What is not taken up is nobody's trouble; that one was shown and did not count is.
        if (error instanceof GivenUp || offered.signal.aborted) return;
        setFailure(passkeyFailure(error));
        setOffer((count) => count + 1);
      });
    const old = setTimeout(() => {
      if (!showing.current) setOffer((count) => count + 1);
    }, OFFERED_FOR);
    return () => {
      clearTimeout(old);
      offered.abort();
      stopCeremony();
    };
  }, [challenge, offer]);

  async function show(): Promise<void> {
    if (showing.current) return;
    showing.current = true;
    setBusy(true);
    setFailure(undefined);
    offers.current?.abort();
    try {
      await enter(await signInWithPasskey(challenge));
    } catch (error) {
      setFailure(explain?.(error) ?? passkeyFailure(error));
      setOffer((count) => count + 1);
    } finally {
      showing.current = false;
      setBusy(false);
    }
  }

  return (
    <div className="grid gap-3">
      <Button
        className="min-h-11 w-full aria-disabled:opacity-60"
        variant={challenge ? "primary" : "default"}
        aria-disabled={busy || undefined}
        autoFocus={autoFocus}
        onClick={() => void show()}
      >
        {busy ? t("auth.passkey.busy") : t("auth.passkey.use")}
      </Button>
      <FormFailure>{failure}</FormFailure>
    </div>
  );
}
