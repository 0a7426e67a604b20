import type { ErrorComponentProps } from "@tanstack/react-router";
import { isProblem, Unreachable } from "@/shared/api/problem";
import { t } from "@/shared/i18n";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";

/** What stands in place of a page that failed to render. Drafts are on the device by then; loading again is safe. */
export function Failure({ error }: Pick<ErrorComponentProps, "error">) {
  const told = error instanceof Unreachable || isProblem(error);
  return (
    <main className="grid h-full place-content-center justify-items-center gap-3 p-6 text-center">
      <h1 className="text-xl font-semibold">{t("app.error.title")}</h1>
      <p className="max-w-prose text-muted">{told ? problemText(error) : t("app.error.body")}</p>
      <Button variant="primary" onClick={() => location.reload()}>
        {t("app.error.reload")}
      </Button>
    </main>
  );
}
