/** What the pane shows while there is no note to show. */
import { Link } from "@tanstack/react-router";
import { FileQuestion, FileWarning } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { Empty } from "@/shared/ui/empty";

/** Most notes are there sooner than an eye could tell; a flash of grey bars would only disturb. */
const PATIENCE = 300;

/** A note that is not there yet: nothing at first, then a quiet sketch of it. */
export function PaneLoading() {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);
  return (
    <article aria-busy className="flex h-full min-h-0 flex-col overflow-hidden">
      <div className="h-12 shrink-0 border-b border-line" />
      {late && (
        <div className="mx-auto grid w-full max-w-[46rem] gap-4 px-4 pt-8 md:px-8">
          <span className="sr-only">{t("app.loading")}</span>
          <Bar className="h-8 w-3/5" />
          <Bar className="h-4 w-1/3" />
          <Bar className="mt-4 h-4 w-full" />
          <Bar className="h-4 w-11/12" />
          <Bar className="h-4 w-4/5" />
        </div>
      )}
    </article>
  );
}

const Bar = ({ className }: { className: string }) => <div className={`rounded bg-sunken ${className}`} />;

const Middle = ({ title, children }: { title: string; children: ReactNode }) => (
  <article className="grid h-full min-h-0 place-content-center">
    <h1 className="sr-only">{title}</h1>
    {children}
  </article>
);

export function PaneMissing() {
  return (
    <Middle title={t("notes.pane.note")}>
      <Empty icon={<FileQuestion size={32} />} title={t("notes.missing.title")}>
        <p>{t("notes.missing.body")}</p>
        <Link to="/" className="font-medium text-accent underline underline-offset-4">
          {t("notes.missing.home")}
        </Link>
      </Empty>
    </Middle>
  );
}

export function PaneFailed({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  return (
    <Middle title={t("notes.pane.note")}>
      <Empty icon={<FileWarning size={32} />} title={t("notes.failed.title")}>
        <p role="alert">
          {problemText(error)} {t("notes.failed.body")}
        </p>
        <Button onClick={onRetry}>{t("app.retry")}</Button>
      </Empty>
    </Middle>
  );
}
