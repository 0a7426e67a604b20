import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { makeQueryClient } from "@/app/query-client";
import { sessionQuery } from "@/features/auth/session";
import { ada, api, problem, url } from "@/features/auth/testing/api";
import { renderPage } from "@/features/auth/testing/render";
import { presetNames, stepsOf } from "./presets";
import type { Provider, ProviderBody } from "./queries";
import { SingleSignOn } from "./single-sign-on";

const server = api();
const home: Provider = {
  id: "019ca8bb-b5c0-7836-b25e-7ad31c4490f5",
  slug: "home",
  name: "Home",
  preset: "keycloak",
  issuer: "https://id.example.org/realms/home",
  client_id: "inkstone",
  has_secret: true,
  scopes: ["openid", "email", "profile"],
  enabled: true,
  sign_up: false,
  trusts_email: false,
  trusts_second_factor: false,
  logout: false,
  groups_claim: "groups",
  group_roles: [{ group: "notes-admins", role: "admin" }],
  default_role: "member",
  redirect_uri: "https://notes.example.org/sso/home",
  linked: 2,
  created_at: "2026-03-01T09:30:00.000000Z",
  updated_at: "2026-03-01T09:30:00.000000Z",
};

function serve(items: Provider[], refuse?: () => Response) {
  const sent: ProviderBody[] = [];
  let now = items;
  const take = async ({ request }: { request: Request }) => {
    const body = (await request.json()) as ProviderBody;
    sent.push(body);
    if (refuse && sent.length === 1) return refuse();
    now = [{ ...home, ...body }];
    return HttpResponse.json(now[0], { status: 201 });
  };
  server.use(
    http.get(url("/admin/sso-providers"), () => HttpResponse.json({ items: now })),
    http.post(url("/admin/sso-providers"), take),
    http.patch(url("/admin/sso-providers/:id"), take),
    http.delete(url("/admin/sso-providers/:id"), () => {
      now = [];
      return new HttpResponse(null, { status: 204 });
    }),
  );
  return sent;
}

function open() {
  const client = makeQueryClient();
  client.setQueryData(sessionQuery().queryKey, { user: { ...ada, role: "admin" }, store: "store-1" });
  renderPage(<SingleSignOn />, client);
}

const write = async (label: string, text: string) => {
  const field = screen.getByLabelText(label);
  await userEvent.clear(field);
  await userEvent.type(field, text);
};

describe("the providers", () => {
  it("are added with what is known of them, and what is missing is said beside its field", async () => {
    const sent = serve([]);
    open();
    expect(await screen.findByText("Nobody can sign in with an account elsewhere yet.")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Add a provider" }));
    await userEvent.selectOptions(screen.getByLabelText("What it is"), "Pocket ID");
    expect(screen.getByLabelText("Name")).toHaveValue("Pocket ID");
    expect(screen.getByLabelText("Short name")).toHaveValue("pocket-id");
    expect(screen.getByText("http://localhost:3000/sso/pocket-id")).toBeVisible();
    expect(screen.getByText(/under OIDC Clients/)).toBeVisible();

    await userEvent.click(screen.getByRole("button", { name: "Add" }));
    expect(screen.getByLabelText("Issuer")).toHaveAccessibleDescription(/in place of the example/);
    expect(screen.getByLabelText("Issuer")).toHaveFocus();
    expect(screen.getByLabelText("Client ID")).toHaveAccessibleDescription(/Enter the client ID/);

    await write("Name", "Our home");
    expect(screen.getByLabelText("Short name")).toHaveValue("our-home");
    await write("Issuer", "https://id.example.org");
    await write("Client ID", "inkstone");
    await write("Client secret", "s3cret");
    await userEvent.click(screen.getByRole("switch", { name: "People can make an account by it" }));
    await userEvent.click(screen.getByRole("button", { name: "Add a group" }));
    expect(screen.getByLabelText("Group 1")).toHaveFocus();
    await userEvent.type(screen.getByLabelText("Group 1"), "notes-admins");
    await userEvent.selectOptions(screen.getByLabelText("Role of group 1"), "Administrator");
    await userEvent.selectOptions(screen.getByLabelText("Everybody else"), "Is not let in");
    await userEvent.click(screen.getByRole("button", { name: "Add" }));
    expect(await screen.findByRole("button", { name: "Check Our home" })).toBeVisible();
    expect(sent).toEqual([
      {
        preset: "pocket-id",
        name: "Our home",
        slug: "our-home",
        issuer: "https://id.example.org",
        client_id: "inkstone",
        client_secret: "s3cret",
        scopes: ["openid", "email", "profile", "groups"],
        groups_claim: "groups",
        group_roles: [{ group: "notes-admins", role: "admin" }],
        default_role: null,
        enabled: true,
        sign_up: true,
        trusts_email: false,
        trusts_second_factor: false,
        logout: false,
      },
    ]);
  });

  it("keep their secret when they are changed, and the focus comes back", async () => {
    const sent = serve([home]);
    open();
    await userEvent.click(await screen.findByRole("button", { name: "Change Home" }));
    expect(screen.getByText("https://notes.example.org/sso/home")).toBeVisible();
    expect(screen.getByLabelText("Client secret")).toHaveAccessibleDescription(/One is kept/);
    await userEvent.click(screen.getByRole("switch", { name: "Sign out there, too" }));
    expect(screen.getByText("http://localhost:3000/login")).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Remove group 1" }));
    expect(screen.getByRole("button", { name: "Add a group" })).toHaveFocus();
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByRole("button", { name: "Change Home" })).toHaveFocus();
    expect(sent[0]).toMatchObject({ logout: true, groups_claim: null, group_roles: [], default_role: "member" });
    expect(sent[0]).not.toHaveProperty("client_secret");
  });

  it("lose their secret when that is asked for", async () => {
    const sent = serve([home]);
    open();
    await userEvent.click(await screen.findByRole("button", { name: "Change Home" }));
    await userEvent.click(screen.getByLabelText("Remove the secret that is kept"));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(sent[0]).toHaveProperty("client_secret", null));
  });

  it.each([
    [() => problem(409, "sso-slug-taken"), "Short name", /this short name already/],
    [() => problem(409, "sso-issuer-taken"), "Issuer", /this issuer already/],
    [
      () => problem(422, "invalid-request", { errors: [{ field: "group_roles", detail: "English" }] }),
      "Group 1",
      /at most 100 groups/,
    ],
  ])("say beside the field what the server has against it (%#)", async (refuse, label, words) => {
    serve([home], refuse);
    open();
    await userEvent.click(await screen.findByRole("button", { name: "Change Home" }));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(screen.getByLabelText(label)).toHaveAccessibleDescription(words));
    expect(screen.getByLabelText(label)).toHaveFocus();
  });

  it("name no group twice, and none without a claim", async () => {
    const sent = serve([home]);
    open();
    await userEvent.click(await screen.findByRole("button", { name: "Change Home" }));
    await userEvent.click(screen.getByRole("button", { name: "Add a group" }));
    await userEvent.type(screen.getByLabelText("Group 2"), "notes-admins");
    await userEvent.clear(screen.getByLabelText("Groups claim"));
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    expect(screen.getByLabelText("Group 2")).toHaveAccessibleDescription("This group is named twice.");
    expect(screen.getByLabelText("Groups claim")).toHaveAccessibleDescription(/without it no group is known/);
    expect(sent).toEqual([]);
  });

  it("are checked, and it says what was found or what is wrong", async () => {
    serve([home]);
    const found = {
      reachable: true,
      problem: null,
      issuer: home.issuer,
      authorization_endpoint: `${home.issuer}/auth`,
      token_endpoint: `${home.issuer}/token`,
      end_session_endpoint: null,
      signing_algorithms: ["RS256", "ES256"],
    };
    server.use(
      http.post(url("/admin/sso-providers/:id/check"), () => HttpResponse.json(found), { once: true }),
      http.post(url("/admin/sso-providers/:id/check"), () =>
        HttpResponse.json({
          ...found,
          reachable: false,
          problem: "the certificate has expired",
          signing_algorithms: [],
        }),
      ),
    );
    open();
    await userEvent.click(await screen.findByRole("button", { name: "Check Home" }));
    expect(await screen.findByText("It answers, and can be used.")).toBeVisible();
    expect(screen.getByText("RS256, ES256")).toBeVisible();
    expect(screen.getByText(/It has none/)).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Check Home" }));
    expect(await screen.findByText("the certificate has expired")).toBeVisible();
  });

  it("are deleted after a question that says how many are linked", async () => {
    serve([home]);
    open();
    await userEvent.click(await screen.findByRole("button", { name: "Delete Home" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Delete Home?" }));
    expect(dialog.getByText(/2 people are linked with it/)).toBeVisible();
    await userEvent.click(dialog.getByRole("button", { name: "Delete" }));
    expect(await screen.findByText("Nobody can sign in with an account elsewhere yet.")).toBeVisible();
  });

  it.each(presetNames)("have steps for %s", (preset) => expect(stepsOf(preset).length).toBeGreaterThanOrEqual(3));
});
