import { type Language, languages, t } from "@/shared/i18n/all";
import { fontSizes, themes, useAppearance, writeAppearance } from "@/shared/lib/appearance";
import { reload } from "@/shared/lib/before-reload";
import { Choice } from "./choice";
import { SettingsPage } from "./settings-page";
import { Switch } from "./switch";

const themeWords = {
  system: "settings.theme.system",
  light: "settings.theme.light",
  dark: "settings.theme.dark",
} as const;
const sizeWords = {
  small: "settings.fontSize.small",
  normal: "settings.fontSize.normal",
  large: "settings.fontSize.large",
} as const;

/** How this device shows the app. Everything holds at once; a language wants the page again. */
export function AppearanceSettings() {
  const { theme, fontSize, language, singleKeys } = useAppearance();
  return (
    <SettingsPage title={t("settings.appearance")} intro={t("settings.appearance.intro")}>
      <div className="grid gap-8">
        <Choice
          label={t("settings.theme")}
          value={theme}
          options={themes.map((value) => ({ value, label: t(themeWords[value]) }))}
          onChange={(next) => writeAppearance({ theme: next })}
        />
        <Choice
          label={t("settings.fontSize")}
          value={fontSize}
          options={fontSizes.map((value) => ({ value, label: t(sizeWords[value]) }))}
          onChange={(next) => writeAppearance({ fontSize: next })}
        />
        <Choice<Language | "browser">
          label={t("auth.language")}
          hint={t("settings.language.hint")}
          value={language ?? "browser"}
          options={[
            { value: "browser", label: t("settings.language.browser") },
            ...(Object.keys(languages) as Language[]).map((value) => ({ value, label: languages[value], lang: value })),
          ]}
          onChange={(next) => {
            writeAppearance({ language: next === "browser" ? undefined : next });
            void reload();
          }}
        />
        <Switch
          label={t("settings.singleKeys")}
          hint={t("settings.singleKeys.hint")}
          checked={singleKeys}
          onChange={(on) => writeAppearance({ singleKeys: on })}
        />
      </div>
    </SettingsPage>
  );
}
