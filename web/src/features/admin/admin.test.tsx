import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import type { ReactNode } from "react";
import { describe, expect, it } from "vitest";
import { makeQueryClient } from "@/app/query-client";
import { sessionQuery } from "@/features/auth/session";
import { ada, api, problem, theServer, url } from "@/features/auth/testing/api";
import { renderPage } from "@/features/auth/testing/render";
import { Toaster } from "@/shared/ui/toaster";
import { AuditLog } from "./audit/audit-log";
import { auditParams, noFilters } from "./audit/filters";
import { Invites } from "./invites/invites";
import type { Account } from "./users/queries";
import { Users } from "./users/users";

const server = api();
const bob: Account = {
  id: "019ca8bb-b5c0-7836-b25e-7ad31c4490f2",
  email: "bob@example.org",
  name: "Bob",
  role: "member",
  disabled_at: null,
  deletes_at: null,
  created_at: "2026-03-01T09:30:00.000000Z",
  updated_at: "2026-03-01T09:30:00.000000Z",
};
const me: Account = { ...bob, id: ada.id, email: ada.email, name: ada.name, role: "admin" };

function open(page: ReactNode) {
  const client = makeQueryClient();
  client.setQueryData(sessionQuery().queryKey, { user: { ...ada, role: "admin" }, store: "store-1" });
  return renderPage(
    <>
      {page}
      <Toaster />
    </>,
    client,
  );
}

describe("the users", () => {
  /** Two accounts; changes of Bob's are kept. */
  function serve() {
    let now = bob;
    const sent: unknown[] = [];
    server.use(
      http.get(url("/admin/users"), () => HttpResponse.json({ items: [me, now], next_cursor: null })),
      http.patch(url("/admin/users/:id"), async ({ request, params }) => {
        if (params.id === ada.id) return problem(409, "last-admin");
        const patch = (await request.json()) as { disabled?: boolean; role?: Account["role"] };
        sent.push(patch);
        now = {
          ...now,
          ...(patch.role ? { role: patch.role } : {}),
          ...(patch.disabled === undefined ? {} : { disabled_at: patch.disabled ? now.created_at : null }),
        };
        return HttpResponse.json(now);
      }),
      http.delete(url("/admin/users/:id/totp"), () => problem(404, "not-found")),
    );
    return sent;
  }
  const act = async (email: string, what: string) => {
    await userEvent.click(await screen.findByRole("button", { name: `Actions for ${email}` }));
    await userEvent.click(await screen.findByRole("menuitem", { name: what }));
  };

  it("are disabled after a question, and enabled again at once", async () => {
    const sent = serve();
    open(<Users />);
    await act(bob.email, "Disable…");
    const dialog = within(await screen.findByRole("dialog", { name: "Disable bob@example.org?" }));
    await userEvent.click(dialog.getByRole("button", { name: "Disable" }));
    expect(await screen.findByText("Disabled")).toBeVisible();
    await act(bob.email, "Enable again");
    await waitFor(() => expect(screen.queryByText("Disabled")).toBeNull());
    expect(sent).toEqual([{ disabled: true }, { disabled: false }]);
  });

  it("get another role, and the last administrator stays", async () => {
    const sent = serve();
    open(<Users />);
    await act(bob.email, "Change the role…");
    await userEvent.click(await screen.findByLabelText("Read-only"));
    await userEvent.click(screen.getByRole("button", { name: "Change role" }));
    expect(await screen.findByText(/^Read-only,/)).toBeVisible();
    expect(sent).toEqual([{ role: "read-only" }]);
    await act(me.email, "Change the role…");
    await userEvent.click(await screen.findByLabelText("Member"));
    await userEvent.click(screen.getByRole("button", { name: "Change role" }));
    expect(await screen.findByText("The last administrator has to stay.")).toBeVisible();
  });

  it("say when there is no second factor to take off", async () => {
    serve();
    open(<Users />);
    await act(bob.email, "Take the second factor off…");
    await userEvent.click(await screen.findByRole("button", { name: "Take it off" }));
    expect(await screen.findByText("This account has no second factor.")).toBeVisible();
  });
});

describe("the invitations", () => {
  it("are made as a link that is shown once", async () => {
    const sent: unknown[] = [];
    server.use(
      http.get(url("/server"), () =>
        HttpResponse.json({ ...theServer, sign_in: { password: true, signup: "invite" } }),
      ),
      http.get(url("/admin/invites"), () => HttpResponse.json({ items: [], next_cursor: null })),
      http.post(url("/admin/invites"), async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json({ url: "https://notes.example.org/invite?token=t-1", invite: {} }, { status: 201 });
      }),
    );
    open(<Invites />);
    await userEvent.click(await screen.findByRole("button", { name: "Invite somebody" }));
    await userEvent.click(await screen.findByRole("button", { name: "Make link" }));
    expect(await screen.findByText("https://notes.example.org/invite?token=t-1")).toBeVisible();
    expect(sent).toEqual([{ role: "member", hours: 168, send: false }]);
  });

  it("are sent by the server where it sends letters, and then there is no link to show", async () => {
    const sent: unknown[] = [];
    const sign_in = { ...theServer.sign_in, signup: "invite", password_reset: true };
    server.use(
      http.get(url("/server"), () => HttpResponse.json({ ...theServer, sign_in })),
      http.get(url("/admin/invites"), () => HttpResponse.json({ items: [], next_cursor: null })),
      http.post(url("/admin/invites"), async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json({ url: null, invite: { email: "cem@example.org" } }, { status: 201 });
      }),
    );
    open(<Invites />);
    await userEvent.click(await screen.findByRole("button", { name: "Invite somebody" }));
    await userEvent.click(await screen.findByLabelText("Send the link by e-mail"));
    await userEvent.click(screen.getByRole("button", { name: "Send invitation" }));
    expect(screen.getByText("Enter the address that the link is sent to.")).toBeVisible();
    expect(sent).toEqual([]);
    await userEvent.type(screen.getByLabelText("E-mail (optional)"), "cem@example.org");
    await userEvent.click(screen.getByRole("button", { name: "Send invitation" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect((await screen.findAllByText("The invitation is on its way to cem@example.org."))[0]).toBeVisible();
    expect(sent).toEqual([{ email: "cem@example.org", role: "member", hours: 168, send: true }]);
  });

  it("cannot be made where sign-up is closed, and it says why", async () => {
    server.use(http.get(url("/admin/invites"), () => HttpResponse.json({ items: [], next_cursor: null })));
    open(<Invites />);
    expect(await screen.findByText(/set up to take nobody new/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Invite somebody" })).toBeNull();
  });
});

describe("the audit log", () => {
  it("is filtered, and the file is of the same filters", async () => {
    const asked: string[] = [];
    server.use(
      http.get(url("/admin/users"), () => HttpResponse.json({ items: [me, bob], next_cursor: null })),
      http.get(url("/admin/audit"), ({ request }) => {
        asked.push(new URL(request.url).search);
        return HttpResponse.json({ items: [], next_cursor: null });
      }),
    );
    open(<AuditLog />);
    expect(await screen.findByText("Nothing matches.")).toBeVisible();
    await userEvent.selectOptions(screen.getByLabelText("Outcome"), "Refused");
    await userEvent.selectOptions(await screen.findByLabelText("Person"), "bob@example.org");
    await waitFor(() => expect(asked.at(-1)).toContain(`outcome=refused&actor=${bob.id}`));
    expect(screen.getByRole("link", { name: "Download as CSV" })).toHaveAttribute(
      "href",
      expect.stringContaining(`format=csv&outcome=refused&actor=${bob.id}`),
    );
    await userEvent.click(screen.getByRole("button", { name: "Drop filters" }));
    expect(screen.getByLabelText("Outcome")).toHaveValue("");
  });

  it("counts both days", () => {
    const { from, to } = auditParams({ ...noFilters, from: "2026-03-01", to: "2026-03-01" });
    expect(Date.parse(to ?? "") - Date.parse(from ?? "")).toBe(24 * 60 * 60 * 1000);
  });
});
