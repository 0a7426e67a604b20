/** A provider as the form has it while somebody writes: what it starts from, what is wrong with it, and what is sent. */
import { serverFaults } from "@/features/auth/rules";
import type { Role } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n/providers";
import { isExample, type Preset, presets } from "./presets";
import type { Provider, ProviderBody } from "./queries";

export interface GroupRole {
  /** Tells the lines apart while they are written. */
  key: number;
  group: string;
  role: Role;
}

export interface Draft {
  preset: Preset;
  name: string;
  slug: string;
  issuer: string;
  clientId: string;
  secret: string;
  removeSecret: boolean;
  scopes: string;
  groupsClaim: string;
  groupRoles: GroupRole[];
  /** Empty: who is in none of the groups is not let in. Without groups it is what new accounts are. */
  defaultRole: Role | "";
  enabled: boolean;
  signUp: boolean;
  trustsEmail: boolean;
  trusts: boolean;
  logout: boolean;
}

export const emptyDraft: Draft = {
  preset: "generic",
  name: "",
  slug: "",
  issuer: "",
  clientId: "",
  secret: "",
  removeSecret: false,
  scopes: presets.generic.scopes,
  groupsClaim: "",
  groupRoles: [],
  defaultRole: "member",
  enabled: true,
  signUp: false,
  trustsEmail: false,
  trusts: false,
  logout: false,
};

export const draftOf = (provider: Provider): Draft => ({
  preset: provider.preset,
  name: provider.name,
  slug: provider.slug,
  issuer: provider.issuer,
  clientId: provider.client_id,
  secret: "",
  removeSecret: false,
  scopes: provider.scopes.join(" "),
  // Without groups none is kept.
  groupsClaim: provider.groups_claim ?? presets[provider.preset].groupsClaim,
  groupRoles: provider.group_roles.map(({ group, role }, key) => ({ key, group, role })),
  defaultRole: provider.default_role ?? "",
  enabled: provider.enabled,
  signUp: provider.sign_up,
  trustsEmail: provider.trusts_email,
  trusts: provider.trusts_second_factor,
  logout: provider.logout,
});

/** The short name that goes with a name, until somebody writes another. */
export const slugOf = (name: string): string =>
  name
    .normalize("NFKD")
    // The accents, which stand by themselves now.
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "")
    .slice(0, 32);

/** What a preset fills in: everything of the last one that nobody has written over. */
export function withPreset(draft: Draft, preset: Preset): Draft {
  const before = presets[draft.preset];
  const now = presets[preset];
  const keep = (written: string, filled: string, next: string) => (written === filled || !written ? next : written);
  const name = keep(draft.name, before.name, now.name);
  return {
    ...draft,
    preset,
    name,
    slug: keep(draft.slug, slugOf(before.name), slugOf(now.name)),
    issuer: keep(draft.issuer, before.issuer, now.issuer),
    scopes: keep(draft.scopes, before.scopes, now.scopes),
    groupsClaim: keep(draft.groupsClaim, before.groupsClaim, now.groupsClaim),
  };
}

const scopesOf = (draft: Draft): string[] => draft.scopes.split(/[\s,]+/).filter(Boolean);

/** What is sent. A secret that is neither written nor removed is left out, and stays. */
export function bodyOf(draft: Draft): ProviderBody {
  const secret = draft.secret.trim();
  return {
    preset: draft.preset,
    name: draft.name.trim(),
    slug: draft.slug.trim(),
    issuer: draft.issuer.trim(),
    client_id: draft.clientId.trim(),
    ...(secret ? { client_secret: secret } : draft.removeSecret ? { client_secret: null } : {}),
    scopes: scopesOf(draft),
    ...rolesOf(draft),
    enabled: draft.enabled,
    sign_up: draft.signUp,
    trusts_email: draft.trustsEmail,
    trusts_second_factor: draft.trusts,
    logout: draft.logout,
  };
}

/**
 * With a claim, the server gives everybody a role at each sign-in; where no group has one, that would be the same for all, and make
 * members of administrators.
 */
function rolesOf(draft: Draft): Pick<ProviderBody, "groups_claim" | "group_roles" | "default_role"> {
  const group_roles = draft.groupRoles.map(({ group, role }) => ({ group: group.trim(), role }));
  return group_roles.length === 0
    ? { groups_claim: null, group_roles, default_role: draft.defaultRole || "member" }
    : { groups_claim: draft.groupsClaim.trim() || null, group_roles, default_role: draft.defaultRole || null };
}

/** By field; the lines of groups are `group-` and their key. */
export type DraftFaults = Partial<Record<string, string>>;

/** What is wrong before anything is sent. */
export function draftFaults(draft: Draft): DraftFaults {
  const faults: Record<string, string | undefined> = {
    name: draft.name.trim() ? undefined : t("providers.name.missing"),
    slug: /^[a-z0-9-]{1,32}$/.test(draft.slug.trim()) ? undefined : t("providers.slug.invalid"),
    issuer: issuerFault(draft.issuer.trim()),
    client_id: draft.clientId.trim() ? undefined : t("providers.clientId.missing"),
    scopes: scopesOf(draft).includes("openid") ? undefined : t("providers.scopes.invalid"),
    groups_claim: groupsClaimFault(draft),
  };
  const seen = new Set<string>();
  for (const { key, group } of draft.groupRoles) {
    const name = group.trim();
    if (!name) faults[`group-${key}`] = t("providers.group.missing");
    else if (seen.has(name)) faults[`group-${key}`] = t("providers.group.twice");
    seen.add(name);
  }
  return Object.fromEntries(Object.entries(faults).filter(([, fault]) => fault !== undefined));
}

function issuerFault(issuer: string): string | undefined {
  if (!issuer) return t("providers.issuer.missing");
  if (isExample(issuer)) return t("providers.issuer.example");
  return /^https?:\/\/[^\s?#]+$/.test(issuer) ? undefined : t("providers.issuer.invalid");
}

function groupsClaimFault({ groupsClaim, groupRoles }: Draft): string | undefined {
  if (/\s/.test(groupsClaim.trim())) return t("providers.groupsClaim.invalid");
  return groupRoles.length > 0 && !groupsClaim.trim() ? t("providers.group.needClaim") : undefined;
}

/** What the server has against it, beside the field. */
export function serverDraftFaults(error: unknown, { groupRoles }: Draft): DraftFaults | undefined {
  if (isProblem(error, "sso-slug-taken")) return { slug: t("problem.sso-slug-taken") };
  if (isProblem(error, "sso-issuer-taken")) return { issuer: t("problem.sso-issuer-taken") };
  if (!isProblem(error, "invalid-request")) return undefined;
  const { group_roles, ...faults } = serverFaults(error, {
    name: t("providers.name.invalid"),
    slug: t("providers.slug.invalid"),
    issuer: t("providers.issuer.invalid"),
    client_id: t("providers.clientId.invalid"),
    client_secret: t("providers.secret.invalid"),
    scopes: t("providers.scopes.invalid"),
    groups_claim: t("providers.groupsClaim.invalid"),
    group_roles: t("providers.group.invalid"),
  });
  const last = groupRoles.at(-1);
  return group_roles && last ? { ...faults, [`group-${last.key}`]: group_roles } : faults;
}
