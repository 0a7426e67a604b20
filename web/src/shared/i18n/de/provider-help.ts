import type { providerHelp as english } from "../en/provider-help";
import type { Message } from "../types";

export const providerHelp: Record<keyof typeof english, Message> = {
  "providers.help.generic.1":
    "Melden Sie dort eine Anwendung an (oft „Client“ genannt): für das Web, vertraulich (confidential), mit dem Authorization Code Flow und PKCE (S256).",
  "providers.help.generic.2": "Geben Sie ihr die Redirect-URI von oben und die Scopes openid, email und profile.",
  "providers.help.generic.3":
    "Übertragen Sie Client-ID und Secret in die Felder unten. Der Aussteller ist die Adresse vor /.well-known/openid-configuration.",

  "providers.help.authelia.1":
    "Tragen Sie in der Konfiguration von Authelia unter identity_providers › oidc › clients einen Client ein: mit der client_id inkstone, der Redirect-URI von oben unter redirect_uris, den Scopes openid, profile, email und groups, require_pkce: true und pkce_challenge_method: S256.",
  "providers.help.authelia.2":
    "Erzeugen Sie ein Secret mit: authelia crypto hash generate pbkdf2 --variant sha512 --random --random.length 72 --random.charset rfc3986. Der Digest gehört dort in client_secret, das zufällige Passwort in das Feld unten.",
  "providers.help.authelia.3":
    "Seine authorization_policy sagt, ob Leute dort einen zweiten Faktor zeigen. Starten Sie Authelia neu; der Aussteller ist seine eigene Adresse.",

  "providers.help.authentik.1":
    "Wählen Sie in der Verwaltung unter Anwendungen „Mit Anbieter erstellen“ (Create with provider), eine Anwendung mit dem Slug inkstone und dem Anbietertyp OAuth2/OpenID.",
  "providers.help.authentik.2":
    "Lassen Sie den Client-Typ vertraulich (Confidential), wählen Sie einen Signaturschlüssel, und fügen Sie die Redirect-URI von oben als Strict hinzu.",
  "providers.help.authentik.3":
    "Übertragen Sie Client-ID und Secret. Der Aussteller steht auf der Seite des Anbieters, mit einem Schrägstrich am Ende. Gruppen kommen mit dem Scope profile.",
  "providers.help.authentik.4":
    "Wenn Leute damit Konten anlegen sollen: Seit Version 2025.10 bürgt authentik für keine Adresse. Legen Sie für email ein Scope-Mapping an, das email_verified: True sagt, und wählen Sie es bei diesem Anbieter anstelle des vorgegebenen.",

  "providers.help.keycloak.1": "Legen Sie in Ihrem Realm unter Clients einen Client vom Typ OpenID Connect an.",
  "providers.help.keycloak.2":
    "Schalten Sie „Client authentication“ ein und lassen Sie „Standard flow“ an. Die Redirect-URI von oben gehört unter „Valid redirect URIs“, die Adresse nach dem Abmelden unter „Valid post logout redirect URIs“.",
  "providers.help.keycloak.3":
    "Das Secret steht auf der Karte „Credentials“. Der Aussteller ist die Adresse des Realms, die auf /realms/ und seinen Namen endet.",
  "providers.help.keycloak.4":
    "Für Gruppen: „Client scopes“ › der eigene (dedicated) Scope des Clients › „Add mapper“ › „By configuration“ › „Group Membership“, mit dem „Token Claim Name“ groups und ohne „Full group path“.",

  "providers.help.kanidm.1":
    "Legen Sie den Client an: kanidm system oauth2 create inkstone Inkstone, danach die Adresse dieses Servers.",
  "providers.help.kanidm.2":
    "Fügen Sie die Redirect-URI von oben hinzu: kanidm system oauth2 add-redirect-url inkstone, danach die URI.",
  "providers.help.kanidm.3":
    "Sagen Sie, wer sich anmelden darf: kanidm system oauth2 update-scope-map inkstone, danach eine Gruppe, danach openid profile email groups.",
  "providers.help.kanidm.4":
    "kanidm system oauth2 show-basic-secret inkstone gibt das Secret aus. Die Client-ID ist inkstone; der Aussteller endet auf /oauth2/openid/inkstone.",
  "providers.help.kanidm.5": "Kanidm nennt Gruppen mit vollem Namen, etwa notes_admins@idm.example.com.",

  "providers.help.pocket-id.1":
    "Fügen Sie in der Verwaltung unter „OIDC Clients“ einen Client hinzu, mit der Redirect-URI von oben als Callback-URL; „Public Client“ bleibt aus.",
  "providers.help.pocket-id.2":
    "Übertragen Sie Client-ID und Secret. Der Aussteller ist die eigene Adresse von Pocket ID, ohne Schrägstrich am Ende.",
  "providers.help.pocket-id.3":
    "Wählen Sie unter „Allowed User Groups“, wer sich anmelden darf. Gruppen heißen, wie Pocket ID sie in Token nennt.",

  "providers.help.zitadel.1":
    "Legen Sie in einem Projekt eine Anwendung vom Typ Web mit der Authentifizierungsmethode Code an.",
  "providers.help.zitadel.2":
    "Geben Sie ihr die Redirect-URI von oben, und die Adresse nach dem Abmelden als Post-Logout-URI.",
  "providers.help.zitadel.3": "Übertragen Sie Client-ID und Secret. Der Aussteller ist die Adresse Ihrer Instanz.",
  "providers.help.zitadel.4":
    "Schalten Sie für Gruppen im Projekt „Assert Roles on Authentication“ ein: Die Schlüssel seiner Rollen sind hier die Gruppen.",

  "providers.help.gitlab.1":
    "Legen Sie eine Anwendung an: im Admin-Bereich, oder in den Einstellungen Ihres Kontos oder Ihrer Gruppe, unter Anwendungen.",
  "providers.help.gitlab.2":
    "Geben Sie ihr die Redirect-URI von oben, lassen Sie sie vertraulich (Confidential), und wählen Sie die Scopes openid, profile und email.",
  "providers.help.gitlab.3":
    "Die Anwendungs-ID ist die Client-ID; das Secret wird einmal gezeigt. Der Aussteller ist die Adresse von GitLab, ohne Schrägstrich am Ende.",
  "providers.help.gitlab.4":
    "Gruppen heißen nach ihrem Pfad. Der Claim groups_direct nennt die, in denen jemand unmittelbar ist.",

  "providers.help.google.1":
    "Öffnen Sie in der Google-Cloud-Konsole die „Google Auth Platform“, und beantworten Sie, was sie beim ersten Mal über die App fragt.",
  "providers.help.google.2":
    "Legen Sie unter Clients einen vom Typ Webanwendung an, mit der Redirect-URI von oben unter den autorisierten Weiterleitungs-URIs.",
  "providers.help.google.3": "Übertragen Sie Client-ID und Secret. Der Aussteller bleibt, wie er ist.",
  "providers.help.google.4":
    "Ist die Zielgruppe extern, kann sich dort jeder mit einem Google-Konto anmelden: Lassen Sie das Anlegen von Konten aus, wenn dieser Server nicht für alle ist. Google nennt keine Gruppen und hat keine Abmeldung.",

  "providers.help.microsoft.1":
    "Registrieren Sie im Microsoft Entra Admin Center unter App-Registrierungen eine App für Ihr eigenes Verzeichnis, mit der Redirect-URI von oben für die Plattform Web.",
  "providers.help.microsoft.2":
    "Die Anwendungs-ID (Client) ist die Client-ID. Die Verzeichnis-ID (Mandant) tritt an die Stelle von TENANT-ID im Aussteller.",
  "providers.help.microsoft.3":
    "Legen Sie unter „Zertifikate & Geheimnisse“ einen geheimen Clientschlüssel an, und übertragen Sie seinen Wert, nicht seine ID.",
  "providers.help.microsoft.4":
    "Fügen Sie unter Tokenkonfiguration den optionalen Anspruch email für ID-Token hinzu und, für Gruppen, einen Gruppenanspruch. Gruppen heißen nach ihrer Objekt-ID.",
  "providers.help.microsoft.5":
    "Entra sagt von keiner Adresse, dass sie bestätigt ist. Sollen Leute damit Konten anlegen, schalten Sie „Seine Adressen gelten als bestätigt“ ein, nur für Ihr eigenes Verzeichnis.",

  "providers.help.okta.1":
    "Legen Sie unter Applications eine App-Integration an: „OIDC - OpenID Connect“, dann „Web Application“.",
  "providers.help.okta.2":
    "Geben Sie ihr die Redirect-URI von oben als „Sign-in redirect URI“, die Adresse nach dem Abmelden als „Sign-out redirect URI“, und weisen Sie die Leute zu, die sie benutzen dürfen.",
  "providers.help.okta.3":
    "Übertragen Sie Client-ID und Secret. Der Aussteller ist die Adresse Ihrer Organisation; bei einem eigenen Autorisierungsserver endet sie auf /oauth2/default.",
  "providers.help.okta.4":
    "Für Gruppen: Setzen Sie auf der Karte „Sign On“ der App unter „OpenID Connect ID Token“ den „Groups claim filter“ auf groups, „Matches regex“, .*",

  "providers.help.auth0.1": "Legen Sie unter Applications eine vom Typ „Regular Web Application“ an.",
  "providers.help.auth0.2":
    "Die Redirect-URI von oben gehört unter „Allowed Callback URLs“, die Adresse nach dem Abmelden unter „Allowed Logout URLs“.",
  "providers.help.auth0.3":
    "Übertragen Sie Client-ID und Secret. Der Aussteller ist https://, die Domain und ein Schrägstrich am Ende.",
  "providers.help.auth0.4":
    "Lassen Sie für Gruppen eine Post-Login-Action sie in einen eigenen Claim setzen, etwa https://notes.example.org/groups, und geben Sie diesen Namen unten ein; einen Claim, der nur groups heißt, lässt Auth0 fallen.",
};
