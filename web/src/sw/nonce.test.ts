import { describe, expect, it } from "vitest";
import { freshNonce, renewNonce } from "./nonce";

const policy = "default-src 'none'; script-src 'nonce-OLD_1' 'strict-dynamic'; style-src 'self' 'nonce-OLD_1'";
const page = '<style nonce="OLD_1">a{}</style><script nonce="OLD_1">1</script><p>text</p>';

describe("a page from the cache", () => {
  it("has the new nonce in the policy and in the page, and the old one nowhere", () => {
    const headers = new Headers({ "Content-Security-Policy": policy, "X-Other": "kept" });
    const renewed = renewNonce(page, headers, "NEW+/2=");
    expect(renewed.body).toBe(page.replaceAll("OLD_1", "NEW+/2="));
    expect(renewed.headers.get("Content-Security-Policy")).toBe(policy.replaceAll("OLD_1", "NEW+/2="));
    expect(renewed.headers.get("X-Other")).toBe("kept");
    expect(headers.get("Content-Security-Policy"), "the kept copy is left alone").toBe(policy);
  });

  it("stays as it is without a nonce in its policy", () => {
    expect(renewNonce(page, new Headers(), "NEW").body).toBe(page);
  });

  it("gets a nonce that has not been there before", () => {
    const drawn = new Set(Array.from({ length: 100 }, freshNonce));
    expect(drawn.size).toBe(100);
    for (const nonce of drawn) expect(nonce).toMatch(/^[A-Za-z0-9+/]{22}==$/);
  });
});
