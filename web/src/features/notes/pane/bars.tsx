/**
 * What stands between the header and the note when something about it has to be said or decided.
 *
 * Owns the bars for saving that cannot go on by itself, the trash, the archive and notes deleted elsewhere. A conflict has a view
 * of its own.
 */
import type { ReactNode } from "react";
import { useSignInAgain } from "@/features/auth/ended";
import type { LocalNote } from "@/features/sync/types";
import { SESSION_ENDED } from "@/shared/api/refresh";
import { fullTime, t } from "@/shared/i18n/all";
import { longDate } from "@/shared/i18n/dates";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { Notice } from "@/shared/ui/notice";
import { goneAt } from "../trash";
import { type Limits, refusal } from "./saving";

export interface BarsProps {
  note: LocalNote;
  limits: Limits;
  /** The text as it is now. */
  body: () => string;
  onRestore: () => void;
  onUnarchive: () => void;
  onKeepAsNew: () => void;
  onDiscard: () => void;
}

export function Bars({ note, limits, body, ...on }: BarsProps) {
  return (
    <>
      <SavingBar note={note} limits={limits} body={body} onKeepAsNew={on.onKeepAsNew} onDiscard={on.onDiscard} />
      {note.trashed && (
        <Notice
          tone="warn"
          actions={
            <Button className="writes text-fg" onClick={on.onRestore}>
              {t("command.note.restore")}
            </Button>
          }
        >
          {note.trashed_at ? (
            <time dateTime={note.trashed_at} title={fullTime(note.trashed_at)}>
              {t("notes.bar.trashed", { time: fullTime(note.trashed_at), date: longDate(goneAt(note.trashed_at)) })}
            </time>
          ) : (
            t("notes.bar.trashedPlain")
          )}
        </Notice>
      )}
      {!note.trashed && note.content.state === "archived" && (
        <Quiet action={{ label: t("command.note.unarchive"), run: on.onUnarchive }}>{t("notes.bar.archived")}</Quiet>
      )}
    </>
  );
}

function SavingBar({
  note,
  limits,
  body,
  onKeepAsNew,
  onDiscard,
}: Pick<BarsProps, "note" | "limits" | "body" | "onKeepAsNew" | "onDiscard">) {
  const { saving } = note;
  switch (saving.kind) {
    case "refused":
      return <Notice tone="warn">{t("notes.bar.refused", { reason: refusal(saving.problem, limits, body) })}</Notice>;
    case "retrying":
      // A busy server is over in a moment, and the header says so; a full disk stays.
      return saving.problem.type === "storage-full" ? (
        <Notice tone="warn">{t("notes.bar.retrying", { reason: problemText(saving.problem) })}</Notice>
      ) : null;
    case "signed-out":
      return (
        <Notice tone="warn" actions={<SignIn />}>
          {t("notes.bar.signedOut")}
        </Notice>
      );
    case "unkept":
      return <Notice tone="warn">{t("notes.bar.unkept")}</Notice>;
    case "gone":
      return (
        <Notice
          tone="warn"
          actions={
            <>
              <Button className="text-fg" onClick={onKeepAsNew}>
                {t("notes.bar.keepAsNew")}
              </Button>
              <Button variant="danger" onClick={onDiscard}>
                {t("notes.bar.discard")}
              </Button>
            </>
          }
        >
          {t(saving.how === "trashed" ? "notes.bar.goneTrashed" : "notes.bar.gonePurged")}
        </Notice>
      );
    case "saved":
    case "device":
    case "offline":
    case "conflict":
      return null;
  }
}

/** Opens the dialog that asks for the password, also when this tab has not noticed yet that the session is over. */
function SignIn() {
  const { ended, open } = useSignInAgain();
  return (
    <Button className="text-fg" onClick={() => (ended ? open() : window.dispatchEvent(new Event(SESSION_ENDED)))}>
      {t("notes.bar.signIn")}
    </Button>
  );
}

/** A bar that does not ask for anything. */
function Quiet({ action, children }: { action: { label: string; run: () => void }; children: ReactNode }) {
  return (
    <div className="flex items-center justify-between gap-4 border-b border-line bg-sunken px-4 py-0.5 text-sm text-muted">
      <span>{children}</span>
      <button
        type="button"
        onClick={action.run}
        className="writes min-h-9 rounded px-2 font-medium text-fg hover:underline pointer-coarse:min-h-11"
      >
        {action.label}
      </button>
    </div>
  );
}
