/** A button for each provider, which leads to its page; before signing in, and wherever somebody goes there for another errand. */
import { useEffect, useRef, useState } from "react";
import type { SsoOffer } from "@/shared/api/client";
import { problemText } from "@/shared/i18n/problem-text";
import { t } from "@/shared/i18n/sso";
import { Button } from "@/shared/ui/button";
import { FormFailure } from "../form-parts";
import { type Errand, goToProvider } from "./trip";

interface Props {
  providers: readonly SsoOffer[];
  errand: Errand;
  /** Where to go on afterwards, below `base`. */
  next?: string | undefined;
  /** It is what there is to do here. */
  primary?: boolean;
}

const words = { "sign-in": "sso.continue", link: "sso.link", "step-up": "sso.continue" } as const;

export default function ProviderButtons({ providers, errand, next, primary }: Props) {
  /** The provider whose page is on its way. */
  const [going, setGoing] = useState<string>();
  const [failure, setFailure] = useState<string>();
  // State comes too late for the second of two quick clicks.
  const leaving = useRef(false);

  // Who comes back by the browser's own button finds the page as it was left.
  useEffect(() => {
    const back = ({ persisted }: PageTransitionEvent) => {
      if (!persisted) return;
      leaving.current = false;
      setGoing(undefined);
    };
    window.addEventListener("pageshow", back);
    return () => window.removeEventListener("pageshow", back);
  }, []);

  async function go(slug: string): Promise<void> {
    if (leaving.current) return;
    leaving.current = true;
    setGoing(slug);
    setFailure(undefined);
    try {
      await goToProvider(errand, slug, next);
    } catch (error) {
      leaving.current = false;
      setGoing(undefined);
      setFailure(problemText(error));
    }
  }

  return (
    <div className="grid gap-3">
      <ul aria-label={t("sso.list")} className="grid gap-3">
        {providers.map(({ slug, name }) => (
          <li key={slug}>
            <Button
              className="min-h-11 w-full aria-disabled:opacity-60"
              variant={primary ? "primary" : "default"}
              aria-disabled={going !== undefined || undefined}
              onClick={() => void go(slug)}
            >
              {!primary && <Initial name={name} />}
              <span className="min-w-0 wrap-anywhere">
                {going === slug ? t("sso.going", { name }) : t(words[errand], { name })}
              </span>
            </Button>
          </li>
        ))}
      </ul>
      <p role="status" className="sr-only">
        {providers.filter(({ slug }) => slug === going).map(({ name }) => t("sso.going", { name }))}
      </p>
      <FormFailure>{failure}</FormFailure>
    </div>
  );
}

/** Logos are their owners': the first letter tells the providers apart. */
export function Initial({ name }: { name: string }) {
  return (
    <span
      aria-hidden
      className="grid size-6 shrink-0 place-items-center rounded bg-accent-soft text-xs font-semibold text-accent uppercase"
    >
      {[...name.trim()][0]}
    </span>
  );
}
