/** The scenes of accounts and of their administration. The demo's person is an administrator. */
import type { App } from "./app";
import type { Scene } from "./scenes";
import { seen } from "./wait";
import type { MessageKey } from "./words";

const section = (name: string, title: MessageKey): Scene => ({
  name: `settings-${name}`,
  reach: (app) => openSection(app, name, title),
});

async function openSection(app: App, name: string, title: MessageKey): Promise<void> {
  await app.open(`/settings/${name}`);
  await seen(app.page.getByRole("heading", { name: app.say(title), exact: true, level: 1 }));
  await app.page.waitForLoadState("networkidle");
}

/** A dialog that a button of a section opens. Escape takes it away. */
const dialog = (name: string, title: MessageKey, button: MessageKey, scene: string): Scene => ({
  name: scene,
  reach: async (app) => {
    await openSection(app, name, title);
    await app.button(app.say(button)).first().click();
    await seen(app.dialog);
  },
  leave: async (app) => {
    await app.page.keyboard.press("Escape");
  },
});

export const accountScenes: Scene[] = [
  section("api-keys", "settings.apiKeys"),
  dialog("api-keys", "settings.apiKeys", "keys.new", "settings-new-key"),
  section("activity", "settings.activity"),
  section("users", "settings.users"),
  section("invites", "settings.invites"),
  section("single-sign-on", "settings.singleSignOn"),
  {
    name: "settings-change-provider",
    reach: async (app) => {
      await openSection(app, "single-sign-on", "settings.singleSignOn");
      await app.button(app.say("providers.editNamed").replace("{name}", "Albrecht family")).click();
      await seen(app.page.getByText(/\/sso\/family$/));
    },
  },
  {
    name: "settings-new-provider",
    reach: async (app) => {
      await openSection(app, "single-sign-on", "settings.singleSignOn");
      await app.button(app.say("providers.new")).click();
      await app.page.getByLabel(app.say("providers.preset")).selectOption("keycloak");
      // What is missing is said beside its field.
      await app.page.getByRole("button", { name: app.say("providers.submit.new"), exact: true }).click();
      await seen(app.page.getByText(app.say("providers.issuer.example")));
    },
  },
  {
    name: "sso-begin-again",
    visitor: true,
    reach: async (app) => {
      await app.open("/sso/family");
      await seen(app.page.getByText(app.say("sso.nothing.body")));
    },
  },
  {
    name: "sso-refused",
    visitor: true,
    reach: async (app) => {
      await app.open("/sso/family?error=server_error&state=in.x");
      await seen(app.page.getByRole("alert"));
    },
  },
  section("audit", "settings.audit"),
  dialog("security", "settings.security", "totp.set", "settings-second-factor"),
  dialog("security", "settings.security", "passkeys.new", "settings-new-passkey"),
  dialog("profile", "settings.profile", "email.change", "settings-email"),
  dialog("profile", "settings.profile", "leave.start", "settings-leave"),
  {
    name: "settings-user-menu",
    reach: async (app, account) => {
      await openSection(app, "users", "settings.users");
      await app.button(app.say("admin.users.actions").replace("{email}", account.email)).click();
      await seen(app.page.getByRole("menu"));
    },
    leave: async (app) => {
      await app.page.keyboard.press("Escape");
    },
  },
  {
    name: "invite-incomplete",
    visitor: true,
    reach: async (app) => {
      await app.open("/invite");
      await seen(app.page.getByRole("heading", { name: app.say("auth.setup.noToken.title") }));
    },
  },
  {
    name: "reset",
    visitor: true,
    reach: async (app) => {
      await app.open("/reset");
      await seen(app.page.getByRole("heading", { name: app.say("reset.title") }));
    },
  },
  {
    name: "reset-choose",
    visitor: true,
    reach: async (app) => {
      await app.open("/reset?token=t");
      await seen(app.page.getByRole("heading", { name: app.say("reset.choose.title") }));
    },
  },
];
