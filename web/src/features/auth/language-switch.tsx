import clsx from "clsx";
import { type Language, languages, loadLanguage, t, useLanguage } from "@/shared/i18n/all";
import { writeAppearance } from "@/shared/lib/appearance";

/** The languages by their own names; the words change in place, and what was typed stays. */
export function LanguageSwitch() {
  const current = useLanguage();
  return (
    <nav aria-label={t("auth.language")} className="flex gap-1">
      {(Object.keys(languages) as Language[]).map((language) => (
        <button
          key={language}
          type="button"
          lang={language}
          aria-current={language === current ? "true" : undefined}
          onClick={() => {
            writeAppearance({ language });
            void loadLanguage(language);
          }}
          className={clsx(
            "min-h-9 rounded-md px-3 text-sm pointer-coarse:min-h-11",
            language === current
              ? "font-medium text-fg"
              : "text-muted underline-offset-4 hover:text-fg hover:underline",
          )}
        >
          {languages[language]}
        </button>
      ))}
    </nav>
  );
}
