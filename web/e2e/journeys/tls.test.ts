/** Over HTTPS and HTTP/2, as it is meant to be reached from outside. */
import { expect, journeys } from "../support/journey";
import { seen } from "../support/wait";

const test = journeys({ tls: true });

test("signing in and writing over TLS, with cookies that belong to this host alone", async ({ devices, account }) => {
  const { context, page, app } = await devices.open({ ignoreHTTPSErrors: true });
  const protocols = new Set<string>();
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  network.on("Network.responseReceived", ({ response }) => protocols.add(response.protocol ?? "none"));
  await app.signIn(account);
  const id = await app.write("# Sealed");
  await expect.poll(() => account.body(id)).toBe("# Sealed");
  expect([...protocols]).toContain("h2");
  const cookies = await context.cookies();
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) {
    expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: "Strict" });
    expect(cookie.name).toMatch(/^__Host-/);
  }
  await page.reload();
  await seen(app.entry("Sealed"));
});
