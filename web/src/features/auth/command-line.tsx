import { useState } from "react";
import { t } from "@/shared/i18n/all";
import { Button } from "@/shared/ui/button";

/** A command to be run on the server, ready to be copied. */
export function CommandLine({ children }: { children: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <div className="flex items-center gap-2 rounded-md bg-sunken py-1 ps-3 pe-1">
      <code className="min-w-0 flex-1 font-mono text-sm wrap-anywhere">{children}</code>
      {/* Without HTTPS a browser has no clipboard. */}
      {navigator.clipboard && (
        <Button
          variant="ghost"
          onClick={() =>
            navigator.clipboard
              .writeText(children)
              .then(() => setCopied(true))
              .catch(() => {})
          }
        >
          {copied ? t("auth.copied") : t("auth.copy")}
        </Button>
      )}
    </div>
  );
}
