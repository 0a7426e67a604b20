/** Chromium's own authenticator for tests: it keeps passkeys, and somebody is always there whose finger is right. */
import type { CDPSession, Page } from "playwright-core";

export class Authenticator {
  private constructor(
    private readonly cdp: CDPSession,
    private readonly authenticatorId: string,
  ) {}

  static async plugIn(page: Page): Promise<Authenticator> {
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("WebAuthn.enable");
    const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
      options: {
        protocol: "ctap2",
        transport: "internal",
        hasResidentKey: true,
        hasUserVerification: true,
        isUserVerified: true,
        // Else it would take up what the page merely offers.
        automaticPresenceSimulation: false,
      },
    });
    return new Authenticator(cdp, authenticatorId);
  }

  /** From now on a finger is on it, or is not. */
  async touch(enabled = true): Promise<void> {
    const { authenticatorId } = this;
    await this.cdp.send("WebAuthn.setAutomaticPresenceSimulation", { authenticatorId, enabled });
  }

  /** Its passkeys. */
  async passkeys() {
    return (await this.cdp.send("WebAuthn.getCredentials", { authenticatorId: this.authenticatorId })).credentials;
  }

  /** Turns the counter of all its passkeys back, as in a copy that was made long ago. */
  async turnBack(): Promise<void> {
    const { authenticatorId } = this;
    const kept = await this.passkeys();
    await this.cdp.send("WebAuthn.clearCredentials", { authenticatorId });
    for (const credential of kept) {
      await this.cdp.send("WebAuthn.addCredential", { authenticatorId, credential: { ...credential, signCount: 1 } });
    }
  }
}
