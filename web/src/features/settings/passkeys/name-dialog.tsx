import { useEffect, useState } from "react";
import { FormFailure } from "@/features/auth/form-parts";
import { GivenUp, stopCeremony } from "@/features/auth/passkey";
import { passkeyFailure } from "@/features/auth/passkey-words";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/account";
import { useSubmit } from "@/shared/lib/use-submit";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { DialogButtons } from "@/shared/ui/dialog-buttons";
import { Field } from "@/shared/ui/field";

interface Props {
  /** The dialog's own words. */
  words: { title: string; body?: string; submit: string; busy: string };
  name?: string;
  /** What the name is for: making a passkey, or calling one something else. */
  send: (name: string) => Promise<void>;
  onClose: () => void;
}

/** What to call a passkey. */
export default function NameDialog({ words, name = "", send, onClose }: Props) {
  const [trouble, setTrouble] = useState<string>();
  // Whoever closes it wants no passkey either: the browser's window goes, too.
  useEffect(() => stopCeremony, []);
  const { form, submit, faults, failure, busy } = useSubmit({
    fields: ["name"],
    check: (values) => (values.name.trim() ? {} : { name: t("passkeys.name.missing") }),
    send: async (values) => {
      setTrouble(undefined);
      try {
        await send(values.name.trim());
      } catch (error) {
        if (isProblem(error)) throw error;
        // It is not about the name.
        setTrouble(error instanceof GivenUp ? t("passkeys.givenUp") : passkeyFailure(error));
      }
    },
    done: () => {},
    explain: (error) => {
      if (!isProblem(error, "invalid-request")) return;
      if (error.about("credential") !== undefined) setTrouble(t("passkeys.late"));
      return error.about("name") === undefined ? {} : { name: t("passkeys.name.invalid") };
    },
  });
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={words.title}
      {...(words.body ? { description: <span className="text-pretty">{words.body}</span> } : {})}
    >
      <form ref={form} onSubmit={submit} noValidate className="grid gap-4">
        <Field
          name="name"
          label={t("passkeys.name")}
          hint={t("passkeys.name.hint")}
          defaultValue={name}
          maxLength={100}
          autoComplete="off"
          error={faults.name}
        />
        <FormFailure>{trouble ?? failure}</FormFailure>
        <DialogButtons onCancel={onClose}>
          <Button
            type="submit"
            variant="primary"
            aria-disabled={busy || undefined}
            className="aria-disabled:opacity-60"
          >
            {busy ? words.busy : words.submit}
          </Button>
        </DialogButtons>
      </form>
    </Dialog>
  );
}
