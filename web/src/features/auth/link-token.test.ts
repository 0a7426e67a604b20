import { beforeEach, describe, expect, it, vi } from "vitest";

/** The module keeps the token; each test gets a fresh one. */
async function take(address: string) {
  vi.resetModules();
  history.replaceState({ kept: true }, "", address);
  const { takeToken } = await import("./link-token");
  return { takeToken, token: takeToken("setup") };
}

describe("the token of the first-run link", () => {
  beforeEach(() => history.replaceState(null, "", "/"));

  it("leaves the address as soon as it is read, the rest stays", async () => {
    const { token } = await take("/setup?token=Xdfh_0-B&x=1#y");
    expect(token).toBe("Xdfh_0-B");
    expect(`${location.pathname}${location.search}${location.hash}`).toBe("/setup?x=1#y");
    expect(history.state).toEqual({ kept: true });
  });

  it("is remembered for the page, since React may ask twice", async () => {
    const { takeToken } = await take("/setup?token=abc");
    expect(takeToken("setup")).toBe("abc");
  });

  it.each(["/setup", "/setup?token="])("is none in %s", async (address) => {
    expect((await take(address)).token).toBeUndefined();
    expect(location.search).toBe("");
  });
});
