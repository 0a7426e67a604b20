import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { api, problem, theServer, url } from "../testing/api";
import { renderPage } from "../testing/render";
import { ResetPage } from "./reset-page";

const server = api();

function serve(password_reset = true) {
  const sent: unknown[] = [];
  const sign_in = { ...theServer.sign_in, password_reset };
  server.use(
    http.get(url("/server"), () => HttpResponse.json({ ...theServer, sign_in })),
    http.post(url("/auth/reset"), async ({ request }) => {
      sent.push(await request.json());
      return new HttpResponse(null, { status: 202 });
    }),
    http.post(url("/auth/reset/confirm"), async ({ request }) => {
      sent.push(await request.json());
      return new HttpResponse(null, { status: 204 });
    }),
  );
  return sent;
}

describe("a forgotten password", () => {
  it("is told to nobody but the mailbox", async () => {
    history.replaceState(null, "", "/reset");
    const sent = serve();
    renderPage(<ResetPage />);
    await userEvent.type(await screen.findByLabelText("E-mail"), "ada@example.org{Enter}");
    expect(await screen.findByText(/If the address has an account/)).toBeVisible();
    expect(sent).toEqual([{ email: "ada@example.org" }]);
  });

  it("is the administrator's affair where no letters are sent", async () => {
    history.replaceState(null, "", "/reset");
    serve(false);
    renderPage(<ResetPage />);
    expect(await screen.findByText(/The administrator of this server can set a new one/)).toBeVisible();
    expect(screen.queryByLabelText("E-mail")).toBeNull();
  });

  it("is replaced with the link, which leaves the address", async () => {
    history.replaceState(null, "", "/reset?token=t-2");
    const sent = serve();
    renderPage(<ResetPage />);
    await userEvent.type(await screen.findByLabelText("New password"), "short{Enter}");
    expect(location.search).toBe("");
    expect(sent).toEqual([]);
    await userEvent.clear(screen.getByLabelText("New password"));
    await userEvent.type(screen.getByLabelText("New password"), "long enough by far{Enter}");
    expect(await screen.findByText("Your password is changed")).toBeVisible();
    expect(sent).toEqual([{ token: "t-2", new_password: "long enough by far" }]);
  });

  it("says that a link does not count any more", async () => {
    history.replaceState(null, "", "/reset?token=t-3");
    serve();
    server.use(http.post(url("/auth/reset/confirm"), () => problem(403, "link-invalid")));
    renderPage(<ResetPage />);
    await userEvent.type(await screen.findByLabelText("New password"), "long enough by far{Enter}");
    expect(await screen.findByText("This link does not work any more")).toBeVisible();
    expect(screen.getByRole("link", { name: "Ask for a new link" })).toBeVisible();
  });
});
