import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { makeQueryClient } from "@/app/query-client";
import { sessionQuery } from "@/features/auth/session";
import { ada, api, problem, url } from "@/features/auth/testing/api";
import { renderPage } from "@/features/auth/testing/render";
import { Toaster } from "@/shared/ui/toaster";
import { SecondFactorPart } from "./second-factor-part";

const server = api();
const codes = Array.from({ length: 10 }, (_, index) => `code-${index}`);
const secret = "FPEPCJK5ECDCSWSYDNLD7QDIOXI2EBGS";

function open() {
  const client = makeQueryClient();
  client.setQueryData(sessionQuery().queryKey, { user: ada, store: "store-1" });
  return renderPage(
    <>
      <SecondFactorPart />
      <Toaster />
    </>,
    client,
  );
}

/** Where the factor stands, changed by what is sent. */
function serve(on: boolean, left = 10) {
  let enabled = on;
  server.use(
    http.get(url("/me/totp"), () =>
      HttpResponse.json({
        enabled,
        enabled_at: enabled ? "2026-03-01T09:30:00.000000Z" : null,
        recovery_codes: enabled ? left : 0,
      }),
    ),
    http.post(url("/me/totp"), () =>
      HttpResponse.json({ secret, uri: `otpauth://totp/Inkstone:ada?secret=${secret}&issuer=Inkstone` }),
    ),
    http.post(url("/me/totp/confirm"), async ({ request }) => {
      const { code } = (await request.json()) as { code: string };
      if (code !== "123456") return problem(401, "invalid-code");
      enabled = true;
      return HttpResponse.json({ recovery_codes: codes });
    }),
    http.post(url("/me/recovery-codes"), () => HttpResponse.json({ recovery_codes: codes })),
    http.delete(url("/me/totp"), () => {
      enabled = false;
      return new HttpResponse(null, { status: 204 });
    }),
  );
}

describe("the second factor", () => {
  it("is set up with a picture and the first code, and shows its recovery codes until they are kept", async () => {
    serve(false);
    open();
    await userEvent.click(await screen.findByRole("button", { name: "Set it up" }));
    expect(await screen.findByRole("img", { name: "QR code for your authenticator app" })).toBeVisible();
    expect(screen.getByText(secret)).toBeVisible();
    const code = screen.getByLabelText("Code from the app");
    expect(code).toHaveAttribute("autocomplete", "one-time-code");
    expect(code).toHaveAttribute("inputmode", "numeric");
    await userEvent.type(code, "000000{Enter}");
    await waitFor(() => expect(code).toHaveAccessibleDescription(/This code is not right/));
    await userEvent.clear(code);
    await userEvent.type(code, "123 456{Enter}");
    const list = await screen.findByRole("list", { name: "Recovery codes" });
    expect(within(list).getAllByRole("listitem")).toHaveLength(10);
    const done = screen.getByRole("button", { name: "Done" });
    expect(done).toBeDisabled();
    await userEvent.click(screen.getByLabelText("I have kept them"));
    await userEvent.click(done);
    expect(await screen.findByText(/^On since/)).toBeVisible();
  });

  it("is turned off after a question", async () => {
    serve(true);
    open();
    expect(await screen.findByText("10 recovery codes are left.")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Turn it off" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Turn the second factor off?" }));
    await userEvent.click(dialog.getByRole("button", { name: "Turn it off" }));
    expect(await screen.findByRole("button", { name: "Set it up" })).toBeVisible();
    expect(await screen.findByText(/The second factor is off/)).toBeVisible();
  });

  it("says when few codes are left, and makes new ones", async () => {
    serve(true, 1);
    open();
    expect(await screen.findByText(/One recovery code is left\. Make new ones/)).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Make new recovery codes" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Make new recovery codes?" }));
    await userEvent.click(dialog.getByRole("button", { name: "Make new recovery codes" }));
    expect(await screen.findByRole("list", { name: "Recovery codes" })).toBeVisible();
  });

  it("says why it cannot be set up", async () => {
    serve(false);
    server.use(http.post(url("/me/totp"), () => problem(409, "second-factor-on")));
    open();
    await userEvent.click(await screen.findByRole("button", { name: "Set it up" }));
    expect(await screen.findByText(/has a second factor already/)).toBeVisible();
  });
});
