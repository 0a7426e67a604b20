/**
 * A device in words, from what it calls itself (`User-Agent`).
 *
 * Rough on purpose: it is to be recognised by its owner, nothing is decided by it, and the header tells less every year. The
 * order counts, since browsers carry the names of those that they want to be taken for.
 */
const browsers: [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\b(OPR|Opera)\//, "Opera"],
  [/\bVivaldi\//, "Vivaldi"],
  [/\bSamsungBrowser\//, "Samsung Internet"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Chrome|CriOS|HeadlessChrome|Chromium)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
];

const systems: [RegExp, string][] = [
  [/\biPad\b/, "iPadOS"],
  [/\b(iPhone|iPod)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b|\bMacintosh\b/, "macOS"],
  [/\bLinux\b|\bX11\b/, "Linux"],
];

export interface Device {
  /** The browser, or the first word of another program ("curl"). */
  browser?: string;
  system?: string;
}

const nameOf = (table: [RegExp, string][], agent: string) => table.find(([mark]) => mark.test(agent))?.[1];

export function deviceOf(agent: string): Device {
  const program = /^([\w.-]{1,40})(?:\/|\s|$)/.exec(agent)?.[1];
  const browser = nameOf(browsers, agent) ?? (program === "Mozilla" ? undefined : program);
  const system = nameOf(systems, agent);
  return { ...(browser ? { browser } : {}), ...(system ? { system } : {}) };
}

/** Whether it is something to be held in a hand, for its picture. */
export const isHandheld = (agent: string): boolean => /\b(iPhone|iPod|iPad|Android|Mobile)\b/.test(agent);
