/** Showing that it is oneself without a password: by signing in once more where the account came from. */
import { useQuery } from "@tanstack/react-query";
import { problemText } from "@/shared/i18n/problem-text";
import { t } from "@/shared/i18n/sso";
import { DialogButtons } from "@/shared/ui/dialog-buttons";
import { FormFailure } from "../form-parts";
import { identitiesQuery } from "../sso/identities";
import ProviderButtons from "../sso/provider-buttons";
import { hereNow } from "../sso/trip";

interface Props {
  /** There is another way beside it, such as a passkey. */
  other: boolean;
  onCancel: () => void;
}

export default function WithoutPassword({ other, onCancel }: Props) {
  const { data, error } = useQuery(identitiesQuery());
  const providers = data?.items.flatMap(({ provider }) => provider ?? []) ?? [];
  return (
    <div className="grid gap-4">
      {providers.length > 0 && (
        <>
          <p className="text-sm text-muted text-pretty">{t("sso.stepUp.body")}</p>
          <ProviderButtons providers={providers} errand="step-up" next={hereNow()} />
        </>
      )}
      {data && providers.length === 0 && !other && <p className="text-pretty">{t("sso.stepUp.noWay")}</p>}
      <FormFailure>{error ? problemText(error) : undefined}</FormFailure>
      <DialogButtons onCancel={onCancel} />
    </div>
  );
}
