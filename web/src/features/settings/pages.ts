/** The page of each section, loaded when it is gone to. Their names are the last part of the address. */
import type { ComponentType } from "react";
import { keptSession } from "@/features/auth/kept";

const forEverybody = {
  profile: async () => (await import("./profile")).Profile,
  security: async () => (await import("./security")).Security,
  sessions: async () => (await import("./sessions/sessions")).Sessions,
  "api-keys": async () => (await import("./api-keys/api-keys")).ApiKeys,
  activity: async () => (await import("./activity/activity")).Activity,
  data: async () => (await import("./data/data-settings")).DataSettings,
  appearance: async () => (await import("./appearance")).AppearanceSettings,
  about: async () => (await import("./about")).About,
};

const forAdmins = {
  users: async () => (await import("@/features/admin/users/users")).Users,
  invites: async () => (await import("@/features/admin/invites/invites")).Invites,
  "single-sign-on": async () => (await import("@/features/admin/single-sign-on/single-sign-on")).SingleSignOn,
  audit: async () => (await import("@/features/admin/audit/audit-log")).AuditLog,
};

export type SectionName = keyof typeof forEverybody | keyof typeof forAdmins;

/** The page of a section; to others than administrators there is nothing of theirs. */
export async function loadSection(name: string): Promise<{ Section: ComponentType }> {
  const pages: Record<string, () => Promise<ComponentType>> =
    keptSession()?.user.role === "admin" ? { ...forEverybody, ...forAdmins } : forEverybody;
  const load = Object.hasOwn(pages, name) ? pages[name] : undefined;
  return { Section: load ? await load() : (await import("./no-section")).NoSection };
}
