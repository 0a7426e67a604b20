/**
 * The one-time token of a link: to make the first account, or one that somebody was invited to, or to choose another password.
 *
 * Whoever holds it gets that account, so it leaves the address as soon as it is read: no history, no screenshot and no bookmark
 * keeps it. From then on it lives in this module alone, until the page is left.
 */
const tokens: { setup?: string; invite?: string; reset?: string } = {};

/** The token of this page, if it was opened by a link that has one. */
export function takeToken(of: keyof typeof tokens): string | undefined {
  const address = new URL(location.href);
  const given = address.searchParams.get("token");
  if (given) tokens[of] = given;
  if (address.searchParams.has("token")) {
    address.searchParams.delete("token");
    history.replaceState(history.state, "", `${address.pathname}${address.search}${address.hash}`);
  }
  return tokens[of];
}
