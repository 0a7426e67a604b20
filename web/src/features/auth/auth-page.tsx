import { type ReactNode, useEffect } from "react";
import { t } from "@/shared/i18n/all";
import { BrandMark } from "@/shared/ui/brand-mark";
import { LanguageSwitch } from "./language-switch";

/** The frame of the pages before signing in: one card on paper, under the mark. */
export function AuthPage({
  title,
  subtitle,
  children,
  footer,
}: {
  title: string;
  subtitle?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
}) {
  useEffect(() => {
    document.title = `${title} – ${t("app.name")}`;
  }, [title]);
  return (
    <div className="auth-paper grid h-full grid-rows-[1fr_auto] justify-items-center overflow-y-auto px-4 pt-8">
      <main className="grid w-full max-w-[25rem] content-center gap-6">
        <p className="flex items-center justify-center gap-3 text-xl font-semibold tracking-tight">
          <BrandMark className="size-9" />
          {t("app.name")}
        </p>
        <section className="grid gap-6 rounded-lg border border-line bg-surface p-6 sm:p-8">
          <header className="grid gap-1">
            <h1 className="text-xl font-semibold text-balance">{title}</h1>
            {subtitle && <p className="text-muted text-pretty">{subtitle}</p>}
          </header>
          {children}
        </section>
        {footer && <div className="grid gap-2 text-center text-sm text-muted">{footer}</div>}
      </main>
      <footer className="py-4">
        <LanguageSwitch />
      </footer>
    </div>
  );
}
