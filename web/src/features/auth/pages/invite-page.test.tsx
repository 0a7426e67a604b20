import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import { api, problem, signedIn, url } from "../testing/api";
import { renderPage } from "../testing/render";
import { InvitePage } from "./invite-page";

const server = api();

function serve(email: string | null) {
  const sent: unknown[] = [];
  server.use(
    http.post(url("/auth/invite"), () =>
      HttpResponse.json({ email, role: "member", expires_at: "2026-03-08T09:30:00.000000Z" }),
    ),
    http.post(url("/auth/accept-invite"), async ({ request }) => {
      sent.push(await request.json());
      return HttpResponse.json(signedIn(), { status: 201 });
    }),
  );
  return sent;
}

describe("the page of an invitation", () => {
  beforeEach(() => history.replaceState(null, "", "/invite?token=t-1"));

  it("fixes the address that it is for, and makes the account", async () => {
    const sent = serve("guest@example.org");
    const { history: at } = renderPage(<InvitePage />);
    expect(await screen.findByText(/The invitation is for guest@example.org, as member/)).toBeVisible();
    expect(location.search).toBe("");
    expect(screen.getByLabelText("E-mail")).toHaveAttribute("readonly");
    await userEvent.type(screen.getByLabelText("Password"), "long enough by far{Enter}");
    await waitFor(() => expect(at.location.pathname).toBe("/"));
    expect(sent).toEqual([{ token: "t-1", password: "long enough by far", token_delivery: "cookie" }]);
  });

  it("lets whoever has the link choose an address", async () => {
    const sent = serve(null);
    renderPage(<InvitePage />);
    await userEvent.type(await screen.findByLabelText("E-mail"), "me@example.org");
    await userEvent.type(screen.getByLabelText("Password"), "long enough by far{Enter}");
    await waitFor(() => expect(sent).toHaveLength(1));
    expect(sent[0]).toMatchObject({ email: "me@example.org", token: "t-1" });
  });

  it("says that the link does not count", async () => {
    server.use(http.post(url("/auth/invite"), () => problem(403, "link-invalid")));
    renderPage(<InvitePage />);
    expect(await screen.findByRole("heading", { name: "This link does not work any more" })).toBeVisible();
  });
});
