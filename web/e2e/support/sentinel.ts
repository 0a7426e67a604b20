/**
 * Sees whether anything of a text has run: calls of `xss`, dialogs, requests and ways to other origins, windows, frames, and what the
 * page's policy had to stop. Payloads call `xss` with their number.
 *
 * What a reader would get wrong: the policy stopping something is a finding too. It is the last lock; what reaches it has come through
 * all others.
 */
import type { BrowserContext, Frame, Page } from "playwright-core";

export class Sentinel {
  /** One line for each thing that happened, such as `ran 17` or `asked https://xss.test/17`. */
  readonly seen: string[] = [];

  private constructor(private readonly origin: string) {}

  /** For all pages that the context opens from now on. */
  static async on(context: BrowserContext, origin: string): Promise<Sentinel> {
    const sentinel = new Sentinel(origin);
    await context.exposeBinding("sentinel", (_, what: string) => void sentinel.seen.push(what));
    await context.addInitScript(() => {
      const window = globalThis as unknown as { sentinel: (what: string) => void; xss: (number: unknown) => void };
      window.xss = (number) => window.sentinel(`ran ${number}`);
      document.addEventListener("securitypolicyviolation", (event) =>
        window.sentinel(`policy ${event.violatedDirective} ${event.blockedURI} ${event.sample}`),
      );
    });
    context.on("request", (request) => {
      if (!sentinel.isHome(request.url())) sentinel.seen.push(`asked ${request.url()}`);
    });
    const follow = (page: Page) => sentinel.follow(page);
    context.on("page", follow);
    for (const page of context.pages()) follow(page);
    return sentinel;
  }

  private follow(page: Page): void {
    page.on("dialog", (dialog) => {
      this.seen.push(`dialog ${dialog.message()}`);
      void dialog.dismiss().catch(() => undefined);
    });
    page.on("popup", (popup) => this.seen.push(`window ${popup.url()}`));
    page.on("framenavigated", (frame: Frame) => {
      if (frame.parentFrame()) this.seen.push(`frame ${frame.url()}`);
      else if (!this.isHome(frame.url())) this.seen.push(`went ${frame.url()}`);
    });
  }

  private isHome(url: string): boolean {
    return url.startsWith(`${this.origin}/`) || /^(about:blank$|data:image\/|blob:)/.test(url);
  }
}

/**
 * What stands in the page that could run, load or lead somewhere, whether or not anything has touched it yet. Looks at elements and
 * attributes as the browser has them, so it does not matter by which way they came.
 */
export function faultsOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const inText = ".section, .cm-content";
    for (const element of document.querySelectorAll("*")) {
      const tag = element.tagName.toLowerCase();
      const told = () => element.outerHTML.slice(0, 200);
      if (/^(iframe|frame|object|embed|applet|base|portal|marquee|frameset)$/.test(tag))
        faults.push(`element ${told()}`);
      if (element instanceof HTMLScriptElement) {
        const ours = element.src ? new URL(element.src).origin === location.origin : element.nonce !== "";
        if (!ours) faults.push(`script ${told()}`);
      }
      if (tag === "meta" && element.hasAttribute("http-equiv")) faults.push(`meta ${told()}`);
      for (const { name, value } of element.attributes) {
        if (/^on/i.test(name) || name === "srcdoc") faults.push(`handler ${told()}`);
        if (!/^(href|src|srcset|action|formaction|poster|background|cite|data|ping|xlink:href)$/i.test(name)) continue;
        const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(value.replace(/[\p{Cc}\s]/gu, ""))?.[0].toLowerCase();
        const picture = tag === "img" && /^(data:image\/|blob:)/i.test(value);
        if (scheme && !/^(https?|mailto):$/.test(scheme) && !picture) faults.push(`address ${told()}`);
        if (tag === "img" && !picture && new URL(value, document.baseURI).origin !== location.origin) {
          faults.push(`picture ${told()}`);
        }
      }
      if (element instanceof HTMLAnchorElement && element.hasAttribute("href") && element.origin !== location.origin) {
        const rel = element.rel.split(" ");
        const quiet = ["noopener", "noreferrer", "nofollow"].every((word) => rel.includes(word));
        if (!quiet || element.target !== "_blank" || element.referrerPolicy !== "no-referrer")
          faults.push(`link ${told()}`);
      }
      if (element.closest(inText) && !element.matches(inText)) {
        if (element.id && !element.id.startsWith("note-")) faults.push(`id ${told()}`);
        if (element.hasAttribute("name")) faults.push(`name ${told()}`);
        if (/^(form|textarea|select|style|link|template)$/.test(tag)) faults.push(`element ${told()}`);
      }
    }
    return [...new Set(faults)];
  });
}
