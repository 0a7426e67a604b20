/** The first thing that somebody new sees: ways to begin. */
import { Link } from "@tanstack/react-router";
import { Check, Copy, NotebookPen } from "lucide-react";
import { useEffect, useState } from "react";
import { useSession } from "@/features/auth/session";
import { t } from "@/shared/i18n/all";
import { isReadOnly } from "@/shared/lib/read-only";
import { Button, buttonLook, IconButton } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/empty";
import { announce } from "@/shared/ui/toast";
import { useNewNote } from "./use-new-note";
import { useSampleNote } from "./use-sample-note";

/** How long the tick stands there after copying. */
const SAID = 2_000;

export function FirstRun() {
  const write = useNewNote();
  const sample = useSampleNote();
  return (
    <>
      <Empty icon={<NotebookPen size={32} />} title={t("empty.all.title")}>
        <p>{isReadOnly() ? t("problem.account-read-only") : t("empty.all.body")}</p>
        <div className="writes grid gap-2">
          <Button variant="primary" onClick={write}>
            {t("empty.all.first")}
          </Button>
          <Button onClick={sample} className="text-fg">
            {t("empty.all.sample")}
          </Button>
        </div>
      </Empty>
      <Import />
    </>
  );
}

function Import() {
  const { user } = useSession();
  const [copied, setCopied] = useState(false);
  const command = `inkstone import ${t("empty.import.folder")} --user ${user.email}`;
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), SAID);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = async () => {
    await navigator.clipboard.writeText(command);
    setCopied(true);
    announce(t("empty.import.copied"));
  };
  return (
    <div className="writes mx-4 mb-6 grid gap-2 rounded-lg border border-line p-4 text-sm">
      <h3 className="font-medium">{t("empty.import.title")}</h3>
      <Link
        to="/settings/$section"
        params={{ section: "data" }}
        className={buttonLook("default", "justify-self-start")}
      >
        {t("empty.import.zip")}
      </Link>
      <p className="pt-2 text-muted">{t("empty.import.body")}</p>
      <div className="flex items-start gap-1 rounded-md bg-sunken ps-3">
        <code className="min-w-0 flex-1 py-2 text-xs wrap-anywhere">{command}</code>
        {/* Over plain HTTP browsers give pages no clipboard; the command can be selected. */}
        {navigator.clipboard && (
          <IconButton label={t("empty.import.copy")} onClick={() => void copy()}>
            {copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
          </IconButton>
        )}
      </div>
    </div>
  );
}
