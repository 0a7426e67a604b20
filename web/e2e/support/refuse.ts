/** The server's word that a request wants a fresh credential, as it comes ten minutes after signing in. */
import type { Page } from "playwright-core";

/** The next request of that method to that path is refused so; the one after it reaches the server. */
export async function wantCredential(page: Page, method: string, path: string): Promise<void> {
  let refused = false;
  await page.route(`**/api/v1${path}`, async (route) => {
    if (refused || route.request().method() !== method) return route.fallback();
    refused = true;
    await route.fulfill({
      status: 403,
      contentType: "application/problem+json",
      body: JSON.stringify({ type: "step-up-required", title: "", status: 403, detail: "" }),
    });
  });
}
