/** The providers above a form for a password, and the line between the two. Nothing where the server has none. */
import { Suspense } from "react";
import type { SsoOffer } from "@/shared/api/client";
import { t } from "@/shared/i18n/all";
import { lazyPart } from "@/shared/ui/lazy-part";

// Few servers have any, and everybody waits for the page that this stands on.
const ProviderButtons = lazyPart(() => import("./provider-buttons"));

export function SignInWays({ providers, next }: { providers: readonly SsoOffer[]; next?: string | undefined }) {
  if (providers.length === 0) return null;
  return (
    <div className="grid gap-6">
      <Suspense fallback={<Room for={providers} />}>
        <ProviderButtons providers={providers} errand="sign-in" next={next} />
      </Suspense>
      <div className="flex items-center gap-3 text-sm text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {t("auth.or")}
      </div>
    </div>
  );
}

/** Their room is kept, so that nothing moves when they come. */
function Room({ for: providers }: { for: readonly SsoOffer[] }) {
  return (
    <div aria-hidden className="grid gap-3">
      {providers.map(({ slug }) => (
        <div key={slug} className="min-h-11" />
      ))}
    </div>
  );
}
