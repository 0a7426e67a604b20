import type { Messages } from "../types";

/** What to do at each provider, step by step: `providers.help`, its name in the API, and the number of the step. */
export const providerHelp = {
  "providers.help.generic.1":
    "Register an application there (often called a client): for the web, confidential, with the authorization code flow and PKCE (S256).",
  "providers.help.generic.2": "Give it the redirect URI above, and the scopes openid, email and profile.",
  "providers.help.generic.3":
    "Copy the client ID and the secret into the fields below. The issuer is the address before /.well-known/openid-configuration.",

  "providers.help.authelia.1":
    "In Authelia's configuration add a client under identity_providers › oidc › clients, with the client_id inkstone, the redirect URI above under redirect_uris, the scopes openid, profile, email and groups, require_pkce: true and pkce_challenge_method: S256.",
  "providers.help.authelia.2":
    "Make a secret with: authelia crypto hash generate pbkdf2 --variant sha512 --random --random.length 72 --random.charset rfc3986. The digest goes into client_secret there, the random password into the field below.",
  "providers.help.authelia.3":
    "Its authorization_policy says whether people show a second factor there. Restart Authelia; the issuer is its own address.",

  "providers.help.authentik.1":
    "In the admin interface, under Applications, choose “Create with provider”, an application with the slug inkstone and the provider type OAuth2/OpenID.",
  "providers.help.authentik.2":
    "Keep the client type Confidential, choose a signing key, and add the redirect URI above as Strict.",
  "providers.help.authentik.3":
    "Copy client ID and secret. The issuer stands on the provider's page, with a slash at its end. Groups come with the scope profile.",
  "providers.help.authentik.4":
    "If people are to make accounts by it: since version 2025.10 authentik vouches for no address. Make a scope mapping for email that says email_verified: True, and choose it for this provider instead of the default one.",

  "providers.help.keycloak.1": "In your realm, under Clients, create a client of the type OpenID Connect.",
  "providers.help.keycloak.2":
    "Switch Client authentication on and keep Standard flow. The redirect URI above goes under Valid redirect URIs, the address after signing out under Valid post logout redirect URIs.",
  "providers.help.keycloak.3":
    "The secret is on the tab Credentials. The issuer is the address of the realm, which ends in /realms/ and its name.",
  "providers.help.keycloak.4":
    "For groups: Client scopes › the client's own (dedicated) scope › Add mapper › By configuration › Group Membership, with the token claim name groups and Full group path off.",

  "providers.help.kanidm.1":
    "Create the client: kanidm system oauth2 create inkstone Inkstone, then this server's address.",
  "providers.help.kanidm.2":
    "Add the redirect URI above: kanidm system oauth2 add-redirect-url inkstone, then the URI.",
  "providers.help.kanidm.3":
    "Say who may sign in: kanidm system oauth2 update-scope-map inkstone, then a group, then openid profile email groups.",
  "providers.help.kanidm.4":
    "kanidm system oauth2 show-basic-secret inkstone prints the secret. The client ID is inkstone; the issuer ends in /oauth2/openid/inkstone.",
  "providers.help.kanidm.5": "Kanidm names groups in full, such as notes_admins@idm.example.com.",

  "providers.help.pocket-id.1":
    "In the administration, under OIDC Clients, add a client with the redirect URI above as its callback URL; leave Public Client off.",
  "providers.help.pocket-id.2":
    "Copy client ID and secret. The issuer is Pocket ID's own address, without a slash at its end.",
  "providers.help.pocket-id.3":
    "Under Allowed User Groups choose who may sign in. Groups are named as Pocket ID names them in tokens.",

  "providers.help.zitadel.1": "In a project create an application of the type Web with the authentication method Code.",
  "providers.help.zitadel.2": "Give it the redirect URI above, and the address after signing out as post logout URI.",
  "providers.help.zitadel.3": "Copy client ID and secret. The issuer is the address of your instance.",
  "providers.help.zitadel.4":
    "For groups, switch “Assert Roles on Authentication” on in the project: the keys of its roles are what is a group here.",

  "providers.help.gitlab.1":
    "Add an application: in the Admin area, or among the settings of your user or group, under Applications.",
  "providers.help.gitlab.2":
    "Give it the redirect URI above, keep Confidential, and tick the scopes openid, profile and email.",
  "providers.help.gitlab.3":
    "The application ID is the client ID; the secret is shown once. The issuer is GitLab's address, without a slash at its end.",
  "providers.help.gitlab.4":
    "Groups are named by their path. The claim groups_direct has those that somebody is in directly.",

  "providers.help.google.1":
    "In the Google Cloud console, open the Google Auth Platform and answer what it asks about the app the first time.",
  "providers.help.google.2":
    "Under Clients create one of the type Web application, with the redirect URI above among the authorised redirect URIs.",
  "providers.help.google.3": "Copy client ID and secret. The issuer stays as it is.",
  "providers.help.google.4":
    "With the audience External, everybody with a Google account can sign in there: leave sign-up off unless this server is for everybody. Google tells no groups and has no sign-out.",

  "providers.help.microsoft.1":
    "In the Microsoft Entra admin center, under App registrations, register an app for your own directory, with the redirect URI above for the platform Web.",
  "providers.help.microsoft.2":
    "The application (client) ID is the client ID. The directory (tenant) ID takes the place of TENANT-ID in the issuer.",
  "providers.help.microsoft.3": "Under Certificates & secrets make a client secret, and copy its value, not its ID.",
  "providers.help.microsoft.4":
    "Under Token configuration add the optional claim email for ID tokens and, for groups, a groups claim. Groups are named by their object ID.",
  "providers.help.microsoft.5":
    "Entra says of no address that it was verified. If people are to make accounts by it, switch “Its addresses count as verified” on, for your own directory alone.",

  "providers.help.okta.1": "Under Applications create an app integration: OIDC - OpenID Connect, then Web Application.",
  "providers.help.okta.2":
    "Give it the redirect URI above as sign-in redirect URI, the address after signing out as sign-out redirect URI, and assign the people who may use it.",
  "providers.help.okta.3":
    "Copy client ID and secret. The issuer is the address of your organisation; with a custom authorization server it ends in /oauth2/default.",
  "providers.help.okta.4":
    "For groups: on the app's tab Sign On, under OpenID Connect ID Token, set the groups claim filter to groups, Matches regex, .*",

  "providers.help.auth0.1": "Under Applications create one of the type Regular Web Application.",
  "providers.help.auth0.2":
    "The redirect URI above goes under Allowed Callback URLs, the address after signing out under Allowed Logout URLs.",
  "providers.help.auth0.3": "Copy client ID and secret. The issuer is https://, the domain, and a slash at its end.",
  "providers.help.auth0.4":
    "For groups, let a post-login Action put them into a claim of its own such as https://notes.example.org/groups, and enter that name below; Auth0 drops a claim that is called groups alone.",
} satisfies Messages;
