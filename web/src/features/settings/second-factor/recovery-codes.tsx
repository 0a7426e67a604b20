import "./print.css";
import { useState } from "react";
import { useSession } from "@/features/auth/session";
import { t } from "@/shared/i18n/account";
import { Button } from "@/shared/ui/button";
import { Checkbox } from "@/shared/ui/checkbox";

/** The codes, shown once: ways to keep them, and no way on before somebody says that they are kept. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { user } = useSession();
  const [kept, setKept] = useState(false);
  const [copied, setCopied] = useState(false);
  const text = [t("totp.codes.fileHead", { email: user.email, server: location.host }), "", ...codes, ""].join("\n");
  return (
    <div className="grid gap-4">
      <div className="print-alone grid gap-3">
        <p className="hidden font-medium print:block">
          {t("totp.codes.fileHead", { email: user.email, server: location.host })}
        </p>
        <ol
          aria-label={t("totp.codes.list")}
          className="grid grid-cols-[repeat(auto-fill,minmax(11rem,1fr))] gap-x-6 gap-y-1 rounded-md bg-sunken p-4 font-mono text-sm"
        >
          {codes.map((code) => (
            <li key={code}>{code}</li>
          ))}
        </ol>
      </div>
      <div className="flex flex-wrap gap-2">
        {/* Without HTTPS a browser has no clipboard. */}
        {navigator.clipboard && (
          <Button
            onClick={() =>
              navigator.clipboard
                .writeText(text)
                .then(() => setCopied(true))
                .catch(() => {})
            }
          >
            {copied ? t("totp.codes.copied") : t("totp.codes.copy")}
          </Button>
        )}
        <Button onClick={() => save(text)}>{t("totp.codes.download")}</Button>
        <Button onClick={() => window.print()}>{t("totp.codes.print")}</Button>
      </div>
      <Checkbox checked={kept} onChange={setKept} label={t("totp.codes.kept")} />
      <div className="flex justify-end">
        <Button variant="primary" disabled={!kept} onClick={onDone}>
          {t("totp.codes.done")}
        </Button>
      </div>
    </div>
  );
}

/** Gives the text to the browser as a file. */
function save(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  Object.assign(link, { href: address, download: t("totp.codes.file") });
  link.click();
  // The browser has taken it by then.
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
