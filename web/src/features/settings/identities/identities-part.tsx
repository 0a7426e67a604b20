/** Single sign-on: the accounts elsewhere that sign somebody in here, linking and taking them off. */
import { useQuery } from "@tanstack/react-query";
import { Suspense, useId } from "react";
import { NEWS, serverQuery } from "@/features/auth/server";
import { type Identity, identitiesQuery } from "@/features/auth/sso/identities";
import { t } from "@/shared/i18n/account";
import { longDate } from "@/shared/i18n/dates";
import { Button } from "@/shared/ui/button";
import { lazyPart } from "@/shared/ui/lazy-part";
import { useQuestion } from "@/shared/ui/question";
import { toast } from "@/shared/ui/toast";
import { Listing } from "../listing";
import { SettingsPart } from "../settings-page";
import { useUnlink } from "./mutations";

// Few servers have any.
const ProviderButtons = lazyPart(() => import("@/features/auth/sso/provider-buttons"));

/** By which name the person knows it; what was removed from the server has its address alone. */
const nameOf = ({ provider, issuer }: Identity): string => provider?.name ?? new URL(issuer).host;

/** Nothing where the server has no provider and nobody is linked with one. */
export function IdentitiesPart() {
  const identities = useQuery(identitiesQuery());
  const providers = useQuery({ ...serverQuery(), ...NEWS }).data?.sign_in.providers ?? [];
  const unlink = useUnlink();
  const [question, ask] = useQuestion();
  const only = useId();
  const items = identities.data?.items ?? [];
  if (providers.length === 0 && items.length === 0) return null;
  const canUnlink = identities.data?.can_unlink !== false;
  const unlinked = identities.data
    ? providers.filter(({ slug }) => !items.some(({ provider }) => provider?.slug === slug))
    : [];
  const askUnlink = (identity: Identity) =>
    ask({
      title: t("identities.unlink.title", { name: nameOf(identity) }),
      body: t("identities.unlink.body"),
      confirm: t("identities.unlink"),
      run: () => unlink(identity.id),
      done: () => toast(t("identities.unlinked")),
    });
  return (
    <SettingsPart title={t("identities.title")} intro={t("identities.intro")}>
      <Listing query={identities} empty={<p className="text-muted">{t("identities.none")}</p>}>
        {() => (
          <ul aria-label={t("identities.list")} className="grid divide-y divide-line rounded-lg border border-line">
            {items.map((identity) => (
              <IdentityItem
                key={identity.id}
                identity={identity}
                {...(canUnlink ? { onUnlink: () => askUnlink(identity) } : { reason: only })}
              />
            ))}
          </ul>
        )}
      </Listing>
      {!canUnlink && (
        <p id={only} className="text-sm text-muted text-pretty">
          {t("identities.only")}
        </p>
      )}
      {unlinked.length > 0 && (
        <Suspense>
          <div className="sm:justify-self-start">
            <ProviderButtons providers={unlinked} errand="link" />
          </div>
        </Suspense>
      )}
      {question}
    </SettingsPart>
  );
}

/** One of them. `reason`: the id of what says why it cannot be taken off. */
function IdentityItem({ identity, onUnlink, reason }: { identity: Identity; onUnlink?: () => void; reason?: string }) {
  const name = nameOf(identity);
  const { provider, email, linked_at, last_used_at } = identity;
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 p-3">
      <div className="grid min-w-0 gap-0.5">
        <p className="font-medium wrap-anywhere">{name}</p>
        {email && <p className="text-sm wrap-anywhere">{email}</p>}
        <p className="text-sm text-muted">
          {t("identities.linkedOn", { date: longDate(linked_at) })}{" "}
          {last_used_at ? t("identities.usedOn", { date: longDate(last_used_at) }) : t("identities.unused")}
        </p>
        {!provider && <p className="text-sm text-warn">{t("identities.gone")}</p>}
      </div>
      <Button
        variant="danger"
        aria-label={t("identities.unlinkNamed", { name })}
        // It can be reached all the same, so that the reason is heard.
        aria-disabled={!onUnlink || undefined}
        aria-describedby={reason}
        className="aria-disabled:opacity-60"
        onClick={onUnlink}
      >
        {t("identities.unlink")}
      </Button>
    </li>
  );
}
