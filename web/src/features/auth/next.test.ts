import { describe, expect, it } from "vitest";
import { nextPath } from "./next";

describe("nextPath", () => {
  it.each([
    "/",
    "/notes/019ca8bb?q=a%20b#match",
    "/?tag=reisen%2Fjapan&place=archive",
    "/settings/security",
    "/?q=https://evil.example",
  ])("follows %s", (path) => expect(nextPath(path)).toBe(path));

  it.each([
    undefined,
    null,
    7,
    ["/notes"],
    "",
    "notes",
    "https://evil.example/",
    "HTTPS:evil.example",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/.//evil.example",
    "/x/..//evil.example",
    "/x/../..//evil.example",
    "/%2e//evil.example",
    "javascript:alert(1)",
    "java\nscript:alert(1)",
    "data:text/html,x",
    "//user@evil.example:80/",
    "http:/\\evil.example",
    "/login",
    "/login/?next=/login",
    "/setup?token=x",
    "/reset",
    "/sso/home?code=x&state=in.y",
    "//[",
  ])("does not follow %j", (next) => expect(nextPath(next)).toBe("/"));

  it("stays below the path that the server is reached under", () =>
    expect(nextPath("/../../other-app")).toBe("/other-app"));
});
