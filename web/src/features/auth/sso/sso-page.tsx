/** Where a provider sends the browser back to: finishes what somebody went there for, and says what came of it. */
import { useQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { base } from "@/shared/api/base";
import type { SsoOffer } from "@/shared/api/client";
import { t, useLanguage } from "@/shared/i18n/sso";
import { buttonLook } from "@/shared/ui/button";
import { toast } from "@/shared/ui/toast";
import { AuthPage } from "../auth-page";
import { useEnter } from "../enter";
import { textLinkLook } from "../form-parts";
import { keptSession } from "../kept";
import { nextHref } from "../next";
import { serverQuery } from "../server";
import type { Challenge } from "../sign-in";
import { finishLink, finishSignIn, finishStepUp } from "./finish";
import { failed, leftSecondStep, nothingToFinish, type Outcome, refusedThere } from "./outcome";
import ProviderButtons from "./provider-buttons";
import { type Answer, type Errand, keptNext, spendAnswer, takenAnswer } from "./trip";

// Few accounts have a second factor.
const SecondStep = lazy(() => import("../second-step"));

const working = { "sign-in": "sso.signingIn", link: "sso.linking", "step-up": "sso.steppingUp" } as const;

export function SsoPage({ slug }: { slug: string }) {
  useLanguage();
  const provider = useQuery(serverQuery()).data?.sign_in.providers.find((one) => one.slug === slug);
  const name = provider?.name ?? slug;
  const [answer] = useState(takenAnswer);
  /** Kept as what says it: the language may be changed meanwhile. */
  const [ended, setEnded] = useState<{ outcome: (name: string) => Outcome } | undefined>(() => unfinishable(answer));
  const [challenge, setChallenge] = useState<Challenge>();
  const enter = useEnter();
  const errand = answer?.errand ?? "sign-in";
  const finish = useRef(useFinish(slug, name, setChallenge));
  const begun = useRef(false);

  useEffect(() => {
    spendAnswer();
    if (!answer?.said || begun.current) return;
    begun.current = true;
    finish
      .current(answer.errand, answer.said)
      .catch((error: unknown) => setEnded({ outcome: () => failed(answer.errand, error) }));
  }, [answer]);

  if (ended) return <Ended outcome={ended.outcome(name)} errand={errand} provider={provider} />;
  if (challenge) {
    return (
      <AuthPage title={t("auth.second.title")} subtitle={t("sso.second", { name })}>
        <Suspense fallback={<p className="text-muted">{t("app.loading")}</p>}>
          <SecondStep
            challenge={challenge}
            enter={(user) => enter(user, keptNext())}
            onBack={(why) => setEnded({ outcome: () => leftSecondStep(why !== undefined) })}
          />
        </Suspense>
      </AuthPage>
    );
  }
  return (
    <AuthPage title={t(working[errand])}>
      <p role="status" className="text-muted text-pretty">
        {t("sso.working", { name })}
      </p>
    </AuthPage>
  );
}

/** What can be said before anything is asked. */
function unfinishable(answer: Answer | undefined): { outcome: (name: string) => Outcome } | undefined {
  if (!answer) return { outcome: nothingToFinish };
  const { errand, said, error = "" } = answer;
  return said ? undefined : { outcome: (name) => refusedThere(errand, error, name) };
}

/** Finishes an errand, and goes on from there. */
function useFinish(slug: string, name: string, onChallenge: (challenge: Challenge) => void) {
  const enter = useEnter();
  const { history } = useRouter();
  return async (errand: Errand, said: NonNullable<Answer["said"]>): Promise<void> => {
    if (errand === "sign-in") {
      const came = await finishSignIn(slug, said);
      if ("challenge" in came) onChallenge(came);
      else await enter(came.user, keptNext());
    } else if (errand === "link") {
      await finishLink(slug, said);
      history.replace(`${base}/settings/security`);
      toast(t("sso.linked", { name }));
    } else {
      await finishStepUp(slug, said);
      history.replace(nextHref(keptNext()));
      toast(t("sso.steppedUp"));
    }
  };
}

/** It came to nothing: why, and the ways on. */
function Ended({
  outcome: { title, body, ways, quiet },
  errand,
  provider,
}: {
  outcome: Outcome;
  errand: Errand;
  provider: SsoOffer | undefined;
}) {
  const again = provider !== undefined && ways.includes("again");
  return (
    <AuthPage title={title} footer={again && <p>{back(errand, textLinkLook)}</p>}>
      <p role={quiet ? "status" : "alert"} className="text-pretty">
        {body}
      </p>
      {again ? (
        <ProviderButtons providers={[provider]} errand={errand} next={keptNext()} primary />
      ) : (
        back(errand, buttonLook("primary", "min-h-11"))
      )}
    </AuthPage>
  );
}

/** The way to where it was begun. */
function back(errand: Errand, className: string) {
  const next = keptNext();
  if (!keptSession()) {
    // The provider is part of this page's address, and would go along.
    const params = { door: "login", slug: undefined };
    return (
      <Link to="/$door/{-$slug}" params={params} search={next ? { next } : {}} className={className}>
        {t("sso.toLogin")}
      </Link>
    );
  }
  return (
    <a href={errand === "link" ? `${base}/settings/security` : nextHref(next)} className={className}>
      {t(errand === "link" ? "sso.toSecurity" : "sso.toNotes")}
    </a>
  );
}
