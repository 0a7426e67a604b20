import { createFileRoute } from "@tanstack/react-router";
import { t } from "@/shared/i18n";

export const Route = createFileRoute("/_app/_notes/")({ component: () => <main>{t("app.loading")}</main> });
