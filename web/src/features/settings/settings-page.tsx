/** The frames of the settings: the two columns, a page, and a part of it. */
import { Link } from "@tanstack/react-router";
import { ChevronLeft } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { t } from "@/shared/i18n/all";
import { SettingsMenu } from "./settings-menu";

/** The menu beside the page; on phones (`menuAlone` or not) one of them. */
export function SettingsLayout({ menuAlone, children }: { menuAlone: boolean; children: ReactNode }) {
  // Beside a page, that page has the heading.
  const Title = menuAlone ? "h1" : "p";
  return (
    <div className="grid h-full min-h-0 bg-surface md:grid-cols-[15rem_1fr]">
      <div
        className={`min-h-0 overflow-y-auto overscroll-contain border-line bg-bg p-4 pt-5 md:block md:border-e ${menuAlone ? "" : "hidden"}`}
      >
        <Title className="px-2.5 pb-4 text-xl font-semibold md:text-lg">{t("settings.title")}</Title>
        <SettingsMenu />
      </div>
      <div className={`min-h-0 overflow-y-auto overscroll-contain md:block ${menuAlone ? "hidden" : ""}`}>
        {children}
      </div>
    </div>
  );
}

/** One section. */
export function SettingsPage({
  title,
  intro,
  wide = false,
  children,
}: {
  title: string;
  intro?: ReactNode;
  /** For tables. */
  wide?: boolean;
  children: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} – ${t("settings.title")} – ${t("app.name")}`;
  }, [title]);
  return (
    <div
      className={`mx-auto grid ${wide ? "max-w-[64rem]" : "max-w-[40rem]"} grid-cols-[minmax(0,1fr)] content-start gap-8 px-4 pt-2 pb-12 md:px-8 md:pt-8`}
    >
      <header className="grid gap-1">
        <Link
          to="/settings"
          className="-ms-2 inline-flex min-h-11 items-center gap-1 justify-self-start rounded-md px-1 text-sm text-accent md:hidden"
        >
          <ChevronLeft size={18} aria-hidden />
          {t("settings.back")}
        </Link>
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        {intro && <p className="text-muted text-pretty">{intro}</p>}
      </header>
      {children}
    </div>
  );
}

/** A part of a section, under a heading of its own. */
export function SettingsPart({ title, intro, children }: { title: string; intro?: ReactNode; children: ReactNode }) {
  return (
    <section className="grid gap-4 border-t border-line pt-6">
      <div className="grid gap-1">
        <h2 className="text-lg font-semibold">{title}</h2>
        {intro && <p className="text-sm text-muted text-pretty">{intro}</p>}
      </div>
      {children}
    </section>
  );
}
