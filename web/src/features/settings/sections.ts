/**
 * The sections of the settings, in their order: what the menu shows. A new one is a line here and a route
 * (`routes/_app.settings.NAME.tsx`).
 */
import { ArrowDownUp, Info, KeyRound, type LucideIcon, MonitorSmartphone, Palette, UserRound } from "lucide-react";
import type { MessageKey } from "@/shared/i18n";

export interface Section {
  to:
    | "/settings/profile"
    | "/settings/security"
    | "/settings/sessions"
    | "/settings/data"
    | "/settings/appearance"
    | "/settings/about";
  label: MessageKey;
  hint: MessageKey;
  icon: LucideIcon;
}

export const groups: { title: MessageKey; sections: Section[] }[] = [
  {
    title: "settings.group.account",
    sections: [
      { to: "/settings/profile", label: "settings.profile", hint: "settings.profile.hint", icon: UserRound },
      { to: "/settings/security", label: "settings.security", hint: "settings.security.hint", icon: KeyRound },
      { to: "/settings/sessions", label: "settings.sessions", hint: "settings.sessions.hint", icon: MonitorSmartphone },
      { to: "/settings/data", label: "settings.data", hint: "settings.data.hint", icon: ArrowDownUp },
    ],
  },
  {
    title: "settings.group.app",
    sections: [
      { to: "/settings/appearance", label: "settings.appearance", hint: "settings.appearance.hint", icon: Palette },
      { to: "/settings/about", label: "settings.about", hint: "settings.about.hint", icon: Info },
    ],
  },
];
