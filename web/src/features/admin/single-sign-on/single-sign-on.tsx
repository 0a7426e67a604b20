import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useState } from "react";
import { Listing } from "@/features/settings/listing";
import { SettingsPage } from "@/features/settings/settings-page";
import { t } from "@/shared/i18n/providers";
import { Button } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/empty";
import { useQuestion } from "@/shared/ui/question";
import { toast } from "@/shared/ui/toast";
import { ProviderForm } from "./provider-form";
import { ProviderItem } from "./provider-item";
import { type Provider, providersQuery, useProviderDeeds } from "./queries";

/** Whose accounts sign people in here. */
export function SingleSignOn() {
  const providers = useQuery(providersQuery());
  const { remove } = useProviderDeeds();
  const [question, ask] = useQuestion();
  const [editing, setEditing] = useState<Provider | "new">();
  /** What was open last, to which the focus goes back. */
  const [left, setLeft] = useState<string>();
  if (editing) {
    return (
      <ProviderForm
        {...(editing === "new" ? {} : { provider: editing })}
        onClose={() => {
          setLeft(editing === "new" ? "new" : editing.id);
          setEditing(undefined);
        }}
      />
    );
  }
  const askDelete = ({ id, name, linked }: Provider) =>
    ask({
      title: t("providers.delete.title", { name }),
      body: `${t("providers.delete.body")}${linked > 0 ? ` ${t("providers.delete.linked", { count: linked })}` : ""}`,
      confirm: t("providers.delete"),
      run: () => remove(id),
      done: () => toast(t("providers.deleted")),
    });
  const adder = (
    <Button variant="primary" autoFocus={left === "new"} onClick={() => setEditing("new")}>
      {t("providers.new")}
    </Button>
  );
  return (
    <SettingsPage title={t("settings.singleSignOn")} intro={t("providers.intro")}>
      <div className="grid gap-4">
        <Listing
          query={providers}
          empty={
            <Empty icon={<KeyRound size={28} />} title={t("providers.none")}>
              <p>{t("providers.none.body")}</p>
              {adder}
            </Empty>
          }
        >
          {(items) => (
            <>
              <div>{adder}</div>
              <ul aria-label={t("providers.list")} className="grid divide-y divide-line rounded-lg border border-line">
                {items.map((provider) => (
                  <ProviderItem
                    key={provider.id}
                    provider={provider}
                    focused={left === provider.id}
                    onEdit={() => setEditing(provider)}
                    onDelete={() => askDelete(provider)}
                  />
                ))}
              </ul>
            </>
          )}
        </Listing>
      </div>
      {question}
    </SettingsPage>
  );
}
