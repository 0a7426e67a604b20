/** An address that leads nowhere. */
import { Link } from "@tanstack/react-router";
import { t } from "@/shared/i18n/all";

export default function NotFound() {
  return (
    <main className="grid h-full place-content-center justify-items-center gap-3 p-6 text-center">
      <h1 className="text-xl font-semibold">{t("app.notFound.title")}</h1>
      <p className="text-muted">{t("app.notFound.body")}</p>
      <Link to="/" className="font-medium text-accent underline underline-offset-4">
        {t("app.notFound.home")}
      </Link>
    </main>
  );
}
