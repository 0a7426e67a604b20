/** The passkeys of the account: making, naming and taking them off. */
import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { passkeysQuery } from "@/features/auth/passkeys";
import { passkeysHere } from "@/features/auth/passkeys-here";
import { NEWS, serverQuery } from "@/features/auth/server";
import { t } from "@/shared/i18n/account";
import { longDate } from "@/shared/i18n/dates";
import { Button } from "@/shared/ui/button";
import { lazyPart } from "@/shared/ui/lazy-part";
import { useQuestion } from "@/shared/ui/question";
import { toast } from "@/shared/ui/toast";
import { Listing } from "../listing";
import { SettingsPart } from "../settings-page";
import { type Passkey, usePasskeyDeeds } from "./mutations";

// Dialogs bring the largest part of the interface library along.
const NameDialog = lazyPart(() => import("./name-dialog"));
const CodesDialog = lazyPart(() => import("../second-factor/codes-dialog"));

export function PasskeysPart() {
  const passkeys = useQuery(passkeysQuery());
  const here = passkeysHere(useQuery({ ...serverQuery(), ...NEWS }).data);
  const { make, rename, remove } = usePasskeyDeeds();
  const [question, ask] = useQuestion();
  const [naming, setNaming] = useState<Passkey | "new">();
  const [codes, setCodes] = useState<string[]>();
  const askRemove = ({ id, name }: Passkey) =>
    ask({
      title: t("passkeys.remove.title", { name }),
      body: t("passkeys.remove.body"),
      confirm: t("passkeys.remove"),
      run: () => remove(id),
      done: () => toast(t("passkeys.removed")),
    });
  return (
    <SettingsPart title={t("passkeys.title")} intro={`${t("passkeys.intro")} ${t("passkeys.ends")}`}>
      <Listing query={passkeys} empty={<p className="text-muted">{t("passkeys.none")}</p>}>
        {(items) => (
          <ul aria-label={t("passkeys.list")} className="grid divide-y divide-line rounded-lg border border-line">
            {items.map((passkey) => (
              <PasskeyItem
                key={passkey.id}
                passkey={passkey}
                onRename={() => setNaming(passkey)}
                onRemove={() => askRemove(passkey)}
              />
            ))}
          </ul>
        )}
      </Listing>
      {here ? (
        <div>
          <Button onClick={() => setNaming("new")}>{t("passkeys.new")}</Button>
        </div>
      ) : (
        <p className="text-sm text-muted text-pretty">{t("passkeys.notHere")}</p>
      )}
      <Suspense>
        {naming === "new" && (
          <NameDialog
            words={{
              title: t("passkeys.new.title"),
              body: t("passkeys.new.body"),
              submit: t("passkeys.new.submit"),
              busy: t("passkeys.new.busy"),
            }}
            onClose={() => setNaming(undefined)}
            send={async (name) => {
              const { recovery_codes } = await make(name);
              setNaming(undefined);
              toast(t("passkeys.made"));
              if (recovery_codes) setCodes(recovery_codes);
            }}
          />
        )}
        {naming && naming !== "new" && (
          <NameDialog
            words={{
              title: t("passkeys.rename.title"),
              submit: t("passkeys.rename.submit"),
              busy: t("settings.saving"),
            }}
            name={naming.name}
            onClose={() => setNaming(undefined)}
            send={async (name) => {
              await rename(naming.id, name);
              setNaming(undefined);
            }}
          />
        )}
        {codes && <CodesDialog codes={codes} onDone={() => setCodes(undefined)} />}
      </Suspense>
      {question}
    </SettingsPart>
  );
}

interface ItemProps {
  passkey: Passkey;
  onRename: () => void;
  onRemove: () => void;
}

function PasskeyItem({ passkey: { name, created_at, last_used_at }, onRename, onRemove }: ItemProps) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-3 p-3">
      <div className="grid min-w-0 gap-0.5">
        <p className="font-medium wrap-anywhere">{name}</p>
        <p className="text-sm text-muted">
          {t("passkeys.createdOn", { date: longDate(created_at) })}{" "}
          {last_used_at ? t("passkeys.usedOn", { date: longDate(last_used_at) }) : t("passkeys.unused")}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        <Button aria-label={t("passkeys.renameNamed", { name })} onClick={onRename}>
          {t("passkeys.rename")}
        </Button>
        <Button variant="danger" aria-label={t("passkeys.removeNamed", { name })} onClick={onRemove}>
          {t("passkeys.remove")}
        </Button>
      </div>
    </li>
  );
}
