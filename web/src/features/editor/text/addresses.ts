/**
 * Which addresses in a text may be opened or shown. Everything else (`javascript:`, `data:` as a page, `file:`, ...) is text.
 */

/** The address that a link may lead to; null for one that is better not opened. Relative ones stay relative. */
export function safeAddress(written: string): string | null {
  const address = unwrapped(written);
  if (!address) return null;
  // Browsers drop control characters and blanks inside of a scheme: "java\nscript:" is javascript.
  const scheme = /^[a-z][a-z0-9+.-]*:/i.exec(address.replace(/[\p{Cc}\s]/gu, ""))?.[0].toLowerCase();
  if (scheme) return /^(https?|mailto):$/.test(scheme) ? address : null;
  if (/^www\./i.test(address)) return `https://${address}`;
  if (/^[^\s/@:]+@[^\s/@:]+\.[^\s/@:]+$/.test(address)) return `mailto:${address}`;
  return address;
}

/** Leads a link out of the app: into a window that knows neither this one nor its address. */
export const leadOut = (link: Element, href: string) =>
  Object.assign(link, { href, target: "_blank", rel: "noopener noreferrer nofollow", referrerPolicy: "no-referrer" });

/** A picture that is in the text itself; nothing has to be fetched to show it. */
export function embeddedPicture(written: string): string | null {
  const address = unwrapped(written);
  return /^data:image\/(png|jpe?g|gif|webp|avif|svg\+xml)[;,]/i.test(address) ? address : null;
}

const unwrapped = (written: string): string => written.trim().replace(/^<(.*)>$/s, "$1");

/** The address as it can stand between the brackets of a link: brackets and blanks of its own would end it. */
export const inBrackets = (address: string): string =>
  address.replace(/[()\s]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
