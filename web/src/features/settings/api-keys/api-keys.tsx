import { useQuery } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { Suspense, useState } from "react";
import { t } from "@/shared/i18n/account";
import { Button } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/empty";
import { lazyPart } from "@/shared/ui/lazy-part";
import { useQuestion } from "@/shared/ui/question";
import { toast } from "@/shared/ui/toast";
import { Listing } from "../listing";
import { SettingsPage } from "../settings-page";
import { KeyItem } from "./key-item";
import { type ApiKey, apiKeysQuery, useRevokeKey } from "./queries";

// Dialogs bring the largest part of the interface library along.
const NewKeyDialog = lazyPart(() => import("./new-key-dialog"));
const MadeKeyDialog = lazyPart(() => import("./made-key-dialog"));

/** The keys with which the person's own programs come in. */
export function ApiKeys() {
  const keys = useQuery(apiKeysQuery());
  const revoke = useRevokeKey();
  const [question, ask] = useQuestion();
  const [making, setMaking] = useState(false);
  const [made, setMade] = useState<string>();
  const askRevoke = ({ id, name }: ApiKey) =>
    ask({
      title: t("keys.revoke.title", { name }),
      body: t("keys.revoke.body"),
      confirm: t("keys.revoke"),
      run: () => revoke(id),
      done: () => toast(t("keys.revoked")),
    });
  return (
    <SettingsPage title={t("settings.apiKeys")} intro={t("keys.intro")}>
      <div className="grid gap-4">
        <div>
          <Button variant="primary" onClick={() => setMaking(true)}>
            {t("keys.new")}
          </Button>
        </div>
        <Listing
          query={keys}
          empty={
            <Empty icon={<KeyRound size={32} />} title={t("keys.none")}>
              <p>{t("keys.none.body")}</p>
            </Empty>
          }
        >
          {(items) => (
            <ul aria-label={t("keys.list")} className="grid divide-y divide-line rounded-lg border border-line">
              {items.map((key) => (
                <KeyItem key={key.id} apiKey={key} onRevoke={() => askRevoke(key)} />
              ))}
            </ul>
          )}
        </Listing>
      </div>
      <Suspense>
        {making && (
          <NewKeyDialog
            onClose={() => setMaking(false)}
            onMade={(key) => {
              setMaking(false);
              setMade(key);
            }}
          />
        )}
        {made && <MadeKeyDialog secret={made} onDone={() => setMade(undefined)} />}
      </Suspense>
      {question}
    </SettingsPage>
  );
}
