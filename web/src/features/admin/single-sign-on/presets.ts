/**
 * What is known of the providers that people run or use: their own name, what their issuer looks like, what to ask for, and under
 * which name they list groups. The steps at each of them are messages (`providers.help`).
 */
import type { components } from "@/shared/api/schema";
import { isMessage, t } from "@/shared/i18n/providers";

export type Preset = components["schemas"]["SsoPreset"];

interface Known {
  /** Its own name, in no language; the nameless one is whatever else speaks OpenID Connect. */
  name: string;
  /** With an example's host, unless it is the same for everybody. */
  issuer: string;
  scopes: string;
  groupsClaim: string;
}

const plain = "openid email profile";
const withGroups = "openid email profile groups";

export const presets: Record<Preset, Known> = {
  authelia: { name: "Authelia", issuer: "https://auth.example.com", scopes: withGroups, groupsClaim: "groups" },
  authentik: {
    name: "authentik",
    issuer: "https://auth.example.com/application/o/inkstone/",
    scopes: plain,
    groupsClaim: "groups",
  },
  keycloak: { name: "Keycloak", issuer: "https://auth.example.com/realms/main", scopes: plain, groupsClaim: "groups" },
  kanidm: {
    name: "Kanidm",
    issuer: "https://idm.example.com/oauth2/openid/inkstone",
    scopes: withGroups,
    groupsClaim: "groups",
  },
  "pocket-id": { name: "Pocket ID", issuer: "https://id.example.com", scopes: withGroups, groupsClaim: "groups" },
  // Its roles are the names of an object.
  zitadel: {
    name: "ZITADEL",
    issuer: "https://id.example.com",
    scopes: plain,
    groupsClaim: "urn:zitadel:iam:org:project:roles",
  },
  gitlab: { name: "GitLab", issuer: "https://gitlab.com", scopes: plain, groupsClaim: "groups_direct" },
  google: { name: "Google", issuer: "https://accounts.google.com", scopes: plain, groupsClaim: "" },
  microsoft: {
    name: "Microsoft Entra ID",
    issuer: "https://login.microsoftonline.com/TENANT-ID/v2.0",
    scopes: plain,
    groupsClaim: "groups",
  },
  okta: { name: "Okta", issuer: "https://example.okta.com", scopes: withGroups, groupsClaim: "groups" },
  auth0: { name: "Auth0", issuer: "https://example.eu.auth0.com/", scopes: plain, groupsClaim: "" },
  generic: { name: "", issuer: "", scopes: plain, groupsClaim: "" },
};

export const presetNames = Object.keys(presets) as Preset[];

/** As the list of them has it. */
export const presetWords = (preset: Preset): string => presets[preset].name || t("providers.preset.generic");

/** What to do there, one step after the other. */
export function stepsOf(preset: Preset): string[] {
  const steps: string[] = [];
  for (;;) {
    const key = `providers.help.${preset}.${steps.length + 1}`;
    if (!isMessage(key)) return steps;
    steps.push(t(key));
  }
}

/** Whether it is still the example that a preset fills in. */
export const isExample = (issuer: string): boolean =>
  /TENANT-ID/.test(issuer) ||
  Object.values(presets).some((known) => /\bexample\./.test(known.issuer) && known.issuer === issuer);
