import { describe, expect, it } from "vitest";
import { draftFaults, emptyDraft, slugOf, withPreset } from "./draft";

describe("a draft", () => {
  it("takes from another preset what nobody has written over", () => {
    const chosen = withPreset(emptyDraft, "keycloak");
    expect(chosen).toMatchObject({ name: "Keycloak", slug: "keycloak", groupsClaim: "groups" });
    const written = withPreset({ ...chosen, issuer: "https://id.example.org/realms/home" }, "pocket-id");
    expect(written).toMatchObject({
      name: "Pocket ID",
      slug: "pocket-id",
      issuer: "https://id.example.org/realms/home",
      scopes: "openid email profile groups",
    });
    expect(withPreset(written, "generic")).toMatchObject({ name: "", slug: "", groupsClaim: "" });
  });

  it.each([
    ["Pocket ID", "pocket-id"],
    ["Zuhause & Büro", "zuhause-buro"],
    ["  ", ""],
    ["a".repeat(40), "a".repeat(32)],
  ])("calls %j %j in the address", (name, slug) => expect(slugOf(name)).toBe(slug));

  it.each(["", "id.example.org", "ftp://id.example.org", "https://id.example.org?x=1", "https://auth.example.com"])(
    "is not sent with the issuer %j",
    (issuer) => expect(draftFaults({ ...emptyDraft, issuer })).toHaveProperty("issuer"),
  );

  it("is sent with an issuer on the loopback", () =>
    expect(draftFaults({ ...emptyDraft, issuer: "http://127.0.0.1:4711" })).not.toHaveProperty("issuer"));
});
