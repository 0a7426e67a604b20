import { describe, expect, it } from "vitest";
import { isLanguageChunk, isPage } from "./pages";
import { versionOf } from "./version";

describe.each(["https://notes.example/", "https://example.org/my/notes/"])("below %s", (address) => {
  const scope = new URL(address);
  const at = (path: string) => new URL(path, scope);

  it.each(["", "?q=x", "notes/019c", "settings/security", "login?next=/api/v1", "setup?token=a.b", "apiary"])(
    "%j is a page of the app",
    (path) => expect(isPage(scope, at(path))).toBe(true),
  );

  it.each(["api/docs", "api/v1/me", "api", "healthz", "readyz", "metrics", "robots.txt", "sw.js", "assets/gone-1.js"])(
    "%j is the server's",
    (path) => expect(isPage(scope, at(path))).toBe(false),
  );

  it("another origin is nobody's", () => expect(isPage(scope, new URL("https://evil.example/"))).toBe(false));

  it("knows the chunk of a language", () => {
    expect(isLanguageChunk(scope, at("assets/lang-rust-1.js"))).toBe(true);
    expect(isLanguageChunk(scope, at("assets/editor-1.js"))).toBe(false);
  });
});

describe("an app under a path", () => {
  it("leaves its neighbours alone", () => {
    const scope = new URL("https://example.org/my/notes/");
    expect(isPage(scope, new URL("https://example.org/"))).toBe(false);
    expect(isPage(scope, new URL("https://example.org/my/notesapp"))).toBe(false);
  });
});

describe("the name of a version", () => {
  const one = [{ url: "assets/a-1.js", revision: null }];
  it("is the same for the same assets and another for others", () => {
    expect(versionOf(one)).toMatch(/^[0-9a-f]{8}$/);
    expect(versionOf([...one])).toBe(versionOf(one));
    expect(versionOf([{ url: "assets/a-2.js", revision: null }])).not.toBe(versionOf(one));
  });
});
