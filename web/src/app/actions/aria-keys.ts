/** What assistive technology calls the keys of an action, on this machine. */

/** Whether this is one of Apple's machines. */
export const isApple = (): boolean => /Mac|iPhone|iPad/.test(navigator.platform);

/** For `aria-keyshortcuts`. */
export function ariaKeys(keys: readonly string[], apple = isApple()): string {
  return keys
    .filter((one) => !one.includes(" "))
    .map((one) => one.replace("Mod-", apple ? "Meta+" : "Control+").replaceAll(/-(?=.)/g, "+"))
    .join(" ");
}
