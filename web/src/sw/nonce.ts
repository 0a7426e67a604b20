/**
 * A nonce of its own for each page that is served from the cache.
 *
 * The server draws one per response; a copy that repeats it would let an injected script that has seen it once run for as long
 * as the copy lives. So the old one is replaced in the policy and in the page, both or neither.
 */
const NONCE = /'nonce-([^']+)'/;

/** 128 random bits. */
export function freshNonce(): string {
  return btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
}

/** The page and its headers under the given nonce. A page whose policy has none comes back as it is. */
export function renewNonce(body: string, headers: Headers, nonce: string): { body: string; headers: Headers } {
  const renewed = new Headers(headers);
  const policy = headers.get("Content-Security-Policy");
  const old = policy && NONCE.exec(policy)?.[1];
  if (!policy || !old) return { body, headers: renewed };
  renewed.set("Content-Security-Policy", policy.replaceAll(old, nonce));
  return { body: body.replaceAll(old, nonce), headers: renewed };
}
