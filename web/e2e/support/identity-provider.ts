/**
 * An identity provider on the loopback: a certified implementation of OpenID Connect, with pages of its own that ask who somebody is
 * and believe it. PKCE is a must, claims are in the answer of UserInfo alone, as the standard has it, and signing out asks first.
 *
 * What a reader would get wrong: it has another host name than the server of a journey (`127.0.0.1`, and not `localhost`), so that the
 * browser takes the two for different sites, as they are everywhere else.
 */
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import Provider, { type AccountClaims, type Configuration } from "oidc-provider";
import type { Page } from "playwright-core";
import { freePort } from "./port";
import type { Server } from "./server";

/** What it says of somebody; whoever it has not heard of has an address that it vouches for. */
export interface Person {
  email?: string;
  email_verified?: boolean;
  name?: string;
  groups?: string[];
}

export const CLIENT = { id: "inkstone", secret: "a secret of the journeys" };

export class IdentityProvider {
  private readonly people = new Map<string, Person>();

  private constructor(
    readonly issuer: string,
    private readonly http: HttpServer,
  ) {}

  /**
   * Starts one that knows this server as its client, under that short name. Cookies do not tell ports apart: where a journey has
   * several, each has a `host` of its own on the loopback.
   */
  static async start(server: Server, slug: string, host = "127.0.0.1"): Promise<IdentityProvider> {
    const port = await freePort();
    const issuer = `http://${host}:${port}`;
    const provider = new Provider(issuer, {
      ...configuration,
      clients: [
        {
          client_id: CLIENT.id,
          client_secret: CLIENT.secret,
          redirect_uris: [server.url(`/sso/${slug}`)],
          post_logout_redirect_uris: [server.url("/login")],
        },
      ],
      findAccount: (_context, id) => ({ accountId: id, claims: () => idp.claimsOf(id) }),
    });
    const own = provider.callback();
    const http = createServer((request, response) => {
      if (request.url?.startsWith("/interaction/")) void ask(provider, request, response);
      else own(request, response);
    });
    const idp = new IdentityProvider(issuer, http);
    http.listen(port, host);
    await once(http, "listening");
    return idp;
  }

  /** From now on it says this of somebody. */
  knows(id: string, person: Person): void {
    this.people.set(id, person);
  }

  private claimsOf(id: string): AccountClaims {
    return {
      sub: id,
      name: id,
      email: `${id}@id.example.org`,
      email_verified: true,
      groups: [],
      ...this.people.get(id),
    };
  }

  /** Fills its page in as that person. */
  async signIn(page: Page, id: string): Promise<void> {
    await page.getByLabel("Who are you?").fill(id);
    await page.getByRole("button", { name: "Sign in there" }).click();
  }

  /** Turns back on its page. */
  async cancel(page: Page): Promise<void> {
    await page.getByRole("button", { name: "Turn back" }).click();
  }

  /** Says that one wants to sign out there, too. */
  async signOut(page: Page): Promise<void> {
    await page.getByRole("button", { name: "Sign out there" }).click();
  }

  async close(): Promise<void> {
    this.http.close();
    this.http.closeAllConnections();
    await once(this.http, "close");
  }
}

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const HOUR_S = 3600;

const configuration: Configuration = {
  jwks: {
    keys: [{ ...privateKey.export({ format: "jwk" }), kid: "journeys", use: "sig", alg: "RS256" }],
  } as NonNullable<Configuration["jwks"]>,
  cookies: { keys: ["journeys"] },
  pkce: { required: () => true },
  claims: {
    openid: ["sub"],
    email: ["email", "email_verified"],
    profile: ["name"],
    groups: ["groups"],
  },
  scopes: ["openid", "email", "profile", "groups"],
  interactions: { url: (_context, { uid }) => `/interaction/${uid}` },
  // What it may tell was agreed upon when the client was registered: nobody is asked.
  async loadExistingGrant({ oidc }) {
    if (!oidc.client || !oidc.session?.accountId) return undefined;
    const grant = new oidc.provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope("openid email profile groups");
    await grant.save();
    return grant;
  },
  ttl: {
    AccessToken: HOUR_S,
    AuthorizationCode: 60,
    Grant: HOUR_S,
    IdToken: HOUR_S,
    Interaction: HOUR_S,
    Session: HOUR_S,
  },
  features: {
    devInteractions: { enabled: false },
    rpInitiatedLogout: {
      enabled: true,
      logoutSource(context, form) {
        context.body = html(
          "Sign out?",
          `${form}<button form="op.logoutForm" type="submit" name="logout" value="yes">Sign out there</button>`,
        );
      },
    },
  },
};

/** The page that asks who somebody is, and what follows from the answer. */
async function ask(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== "POST") {
    response.setHeader("Content-Type", "text/html; charset=utf-8");
    response.end(
      html(
        "Sign in",
        `<form method="post"><label>Who are you? <input name="id"></label><button>Sign in there</button>
        <button name="cancel" value="yes">Turn back</button></form>`,
      ),
    );
    return;
  }
  const said = new URLSearchParams(await text(request));
  const result = said.has("cancel")
    ? { error: "access_denied", error_description: "Somebody turned back." }
    : { login: { accountId: said.get("id") ?? "" } };
  await provider.interactionFinished(request, response, result);
}

const html = (title: string, body: string): string =>
  `<!doctype html><html lang="en"><title>${title}</title><h1>${title}</h1>${body}</html>`;
