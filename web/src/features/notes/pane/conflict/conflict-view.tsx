/**
 * Both sides of a note that was changed in two places, and the decision between them.
 *
 * What a reader would get wrong: nothing here loses anything by being left. The note stays in conflict, on this device, until one
 * of the three buttons is pressed; then `sync/` does what was chosen, and the pane goes on as before.
 */
import { useEffect, useRef, useState } from "react";
import type { Saving } from "@/features/sync/types";
import { t } from "@/shared/i18n/all";
import { Button } from "@/shared/ui/button";
import { Side } from "./side";

export type Choice = "mine" | "theirs" | "both";

export default function ConflictView({
  conflict: { base, mine, theirs },
  notebookName,
  onChoose,
}: {
  conflict: Extract<Saving, { kind: "conflict" }>;
  notebookName: (id: string | null) => string;
  /** Resolves when it is done, and rejects when it is not. */
  onChoose: (choice: Choice) => Promise<void>;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => heading.current?.focus(), []);

  const choose = (choice: Choice) => () => {
    setBusy(true);
    void onChoose(choice).finally(() => setBusy(false));
  };

  return (
    <div className="mx-auto grid w-full max-w-[84rem] gap-4 p-4 md:p-6">
      <div className="grid gap-2">
        <h2 ref={heading} tabIndex={-1} className="text-xl font-semibold text-balance outline-none">
          {t("notes.conflict.title")}
        </h2>
        <p className="max-w-prose text-muted">{t("notes.conflict.about")}</p>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <Button variant="primary" disabled={busy} onClick={choose("both")}>
            {t("notes.conflict.keepBoth")}
          </Button>
          <p className="text-sm text-muted">{t("notes.conflict.legend")}</p>
        </div>
      </div>
      <div className="@container">
        <div className="grid items-start gap-4 @xl:grid-cols-2">
          <Side heading={t("notes.conflict.mine")} base={base} side={mine} other={theirs} notebookName={notebookName}>
            <Button disabled={busy} onClick={choose("mine")}>
              {t("notes.conflict.keepMine")}
            </Button>
          </Side>
          <Side heading={t("notes.conflict.theirs")} base={base} side={theirs} other={mine} notebookName={notebookName}>
            <Button disabled={busy} onClick={choose("theirs")}>
              {t("notes.conflict.keepTheirs")}
            </Button>
          </Side>
        </div>
      </div>
    </div>
  );
}
