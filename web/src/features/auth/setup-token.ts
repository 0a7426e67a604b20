/**
 * The one-time token of the first-run link.
 *
 * It makes whoever holds it the administrator, so it leaves the address as soon as it is read: no history, no screenshot and
 * no bookmark keeps it. From then on it lives in this module alone, until the page is left.
 */
let token: string | undefined;

/** The token of this page, if it was opened by a link that has one. */
export function takeSetupToken(): string | undefined {
  const address = new URL(location.href);
  const given = address.searchParams.get("token");
  if (given) token = given;
  if (address.searchParams.has("token")) {
    address.searchParams.delete("token");
    history.replaceState(history.state, "", `${address.pathname}${address.search}${address.hash}`);
  }
  return token;
}
