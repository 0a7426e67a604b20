/** The calls of single sign-on by their contract, until the API's document has them; this file goes then. */
import { http, type Role, type Server, type User } from "@/shared/api/client";

export type Preset =
  | "generic"
  | "authelia"
  | "authentik"
  | "keycloak"
  | "kanidm"
  | "pocket-id"
  | "zitadel"
  | "gitlab"
  | "google"
  | "microsoft"
  | "okta"
  | "auth0";

/** A provider as those see it who sign in. */
export interface SsoProvider {
  slug: string;
  name: string;
  preset: Preset;
}

export interface Identity {
  id: string;
  provider: SsoProvider | null;
  issuer: string;
  email: string | null;
  linked_at: string;
  last_used_at: string | null;
}

export interface Identities {
  items: Identity[];
  can_unlink: boolean;
}

/** A provider as administrators see it. */
export interface AdminSsoProvider extends SsoProvider {
  id: string;
  issuer: string;
  client_id: string;
  has_secret: boolean;
  scopes: string[];
  enabled: boolean;
  sign_up: boolean;
  trusts_second_factor: boolean;
  logout: boolean;
  groups_claim: string | null;
  group_roles: { group: string; role: Role }[];
  default_role: Role | null;
  redirect_uri: string;
  linked: number;
  created_at: string;
  updated_at: string;
}

export type NewSsoProvider = Omit<
  AdminSsoProvider,
  "id" | "has_secret" | "redirect_uri" | "linked" | "created_at" | "updated_at"
> & { client_secret?: string | null };

export interface SsoCheck {
  reachable: boolean;
  problem: string | null;
  issuer: string | null;
  authorization_endpoint: string | null;
  token_endpoint: string | null;
  end_session_endpoint: string | null;
  signing_algorithms: string[];
}

interface Parts {
  params?: { path?: Record<string, string> };
  body?: unknown;
  signal?: AbortSignal;
}

type Call = <T>(path: string, parts?: Parts) => Promise<{ data?: T }>;

export const ssoHttp = http as unknown as { GET: Call; POST: Call; PATCH: Call; DELETE: Call };

export const providersOf = (server: Server | undefined): SsoProvider[] =>
  (server?.sign_in as { providers?: SsoProvider[] } | undefined)?.providers ?? [];

/** Whether the account has a password. What an earlier version kept of it does not say, and every account had one then. */
export const hasPassword = (user: User): boolean => (user as { has_password?: boolean }).has_password !== false;
