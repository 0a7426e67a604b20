import { Link } from "@tanstack/react-router";
import { t } from "@/shared/i18n/all";
import { SettingsPage } from "./settings-page";

/** An address that leads to no section, or to one that is not for this account. */
export function NoSection() {
  return (
    <SettingsPage title={t("app.notFound.title")} intro={t("app.notFound.body")}>
      <p>
        <Link to="/" className="font-medium text-accent underline underline-offset-4">
          {t("app.notFound.home")}
        </Link>
      </p>
    </SettingsPage>
  );
}
