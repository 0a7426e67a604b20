/**
 * The sections of the settings, in their order: what the menu shows. A new one is a line here and its page in `pages.ts`.
 */
import {
  ArrowDownUp,
  History,
  Info,
  KeyRound,
  LogIn,
  type LucideIcon,
  MailPlus,
  MonitorSmartphone,
  Palette,
  ScrollText,
  ShieldCheck,
  UserRound,
  Users,
} from "lucide-react";
import type { MessageKey } from "@/shared/i18n";
import type { SectionName } from "./pages";

export interface Section {
  name: SectionName;
  label: MessageKey;
  hint: MessageKey;
  icon: LucideIcon;
}

export interface Group {
  title: MessageKey;
  sections: Section[];
  /** Only administrators have it. */
  admin?: true;
}

export const groups: Group[] = [
  {
    title: "settings.group.account",
    sections: [
      { name: "profile", label: "settings.profile", hint: "settings.profile.hint", icon: UserRound },
      { name: "security", label: "settings.security", hint: "settings.security.hint", icon: ShieldCheck },
      { name: "sessions", label: "settings.sessions", hint: "settings.sessions.hint", icon: MonitorSmartphone },
      { name: "api-keys", label: "settings.apiKeys", hint: "settings.apiKeys.hint", icon: KeyRound },
      { name: "activity", label: "settings.activity", hint: "settings.activity.hint", icon: History },
      { name: "data", label: "settings.data", hint: "settings.data.hint", icon: ArrowDownUp },
    ],
  },
  {
    title: "settings.group.admin",
    admin: true,
    sections: [
      { name: "users", label: "settings.users", hint: "settings.users.hint", icon: Users },
      { name: "invites", label: "settings.invites", hint: "settings.invites.hint", icon: MailPlus },
      {
        name: "single-sign-on",
        label: "settings.singleSignOn",
        hint: "settings.singleSignOn.hint",
        icon: LogIn,
      },
      { name: "audit", label: "settings.audit", hint: "settings.audit.hint", icon: ScrollText },
    ],
  },
  {
    title: "settings.group.app",
    sections: [
      { name: "appearance", label: "settings.appearance", hint: "settings.appearance.hint", icon: Palette },
      { name: "about", label: "settings.about", hint: "settings.about.hint", icon: Info },
    ],
  },
];
