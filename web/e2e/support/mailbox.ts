/** A mail server on the loopback that keeps every letter for the journey that waits for it. */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";

export class Mailbox {
  private readonly letters: Email[] = [];
  private readonly waiting: (() => void)[] = [];

  private constructor(private readonly smtp: SMTPServer) {}

  static async open(): Promise<Mailbox> {
    const smtp = new SMTPServer({
      disabledCommands: ["AUTH", "STARTTLS"],
      onData(stream, _session, taken) {
        buffer(stream)
          .then((message) => PostalMime.parse(message))
          .then(
            (letter) => {
              box.letters.push(letter);
              for (const look of box.waiting.splice(0)) look();
              taken();
            },
            (error: Error) => taken(error),
          );
      },
    });
    const box = new Mailbox(smtp);
    smtp.listen(0, "127.0.0.1");
    await once(smtp.server, "listening");
    return box;
  }

  /** The settings with which a server sends its letters here. */
  get settings(): Record<string, string> {
    const { port } = this.smtp.server.address() as AddressInfo;
    return { INKSTONE_SMTP_URL: `smtp://127.0.0.1:${port}`, INKSTONE_MAIL_FROM: "Inkstone <notes@example.org>" };
  }

  /** Takes the first letter to an address out of the box, once there is one. */
  async letterTo(address: string): Promise<Email> {
    for (;;) {
      const at = this.letters.findIndex((letter) => letter.to?.some((to) => to.address === address));
      if (at >= 0) return this.letters.splice(at, 1)[0] as Email;
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** The path of the link that such a letter has. */
  async linkTo(address: string): Promise<string> {
    const { text = "" } = await this.letterTo(address);
    const link = text.match(/^https?:\/\/\S+$/m)?.[0];
    if (!link) throw new Error(`the letter has no link on a line of its own:\n${text}`);
    const { pathname, search } = new URL(link);
    return `${pathname}${search}`;
  }

  async close(): Promise<void> {
    await new Promise<void>((resolve) => this.smtp.close(resolve));
  }
}
