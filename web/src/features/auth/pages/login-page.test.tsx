import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { delay, HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { keptSession } from "../kept";
import { ada, api, problem, signedIn, theServer, url } from "../testing/api";
import { renderPage } from "../testing/render";
import { LoginPage } from "./login-page";

const server = api();
const email = () => screen.findByLabelText("E-mail");
const password = () => screen.getByLabelText("Password");

async function signIn() {
  await userEvent.type(await email(), "ada@example.org");
  await userEvent.type(password(), "correct horse battery{Enter}");
}

describe("signing in", () => {
  it("sends the form by Enter, asks for cookies, and goes on to next", async () => {
    const bodies: unknown[] = [];
    server.use(
      http.post(url("/auth/login"), async ({ request }) => {
        bodies.push(await request.json());
        return HttpResponse.json(signedIn());
      }),
    );
    const { history } = renderPage(<LoginPage next="/settings?x=1" />);
    await signIn();
    await waitFor(() => expect(history.location.href).toBe("/settings?x=1"));
    expect(bodies).toEqual([{ email: "ada@example.org", password: "correct horse battery", token_delivery: "cookie" }]);
    expect(keptSession()).toEqual({ store: "store-1", user: ada });
  });

  it("does not leave the server for a next that would", async () => {
    server.use(http.post(url("/auth/login"), () => HttpResponse.json(signedIn())));
    const { history } = renderPage(<LoginPage next="//evil.example" />);
    await signIn();
    await waitFor(() => expect(history.location.href).toBe("/"));
  });

  it("says beside the password that it was wrong, and puts the cursor there", async () => {
    server.use(http.post(url("/auth/login"), () => problem(401, "invalid-credentials")));
    renderPage(<LoginPage />);
    await signIn();
    expect(await screen.findByText(/do not belong together/)).toHaveAttribute("role", "alert");
    expect(password()).toHaveFocus();
    expect(password()).toHaveAccessibleDescription(/do not belong together/);
  });

  it("checks before it sends, and puts the cursor into the first field that wants something", async () => {
    renderPage(<LoginPage />);
    await email();
    await userEvent.click(screen.getByRole("button", { name: "Sign in" }));
    expect(await email()).toHaveFocus();
    expect(await email()).toHaveAccessibleDescription("Enter your e-mail address.");
    expect(password()).toHaveAccessibleDescription("Enter your password.");
  });

  it.each([
    [() => HttpResponse.error(), /cannot be reached/],
    [() => problem(503, "busy"), /busy/],
    [() => problem(507, "storage-full"), /disk is full/],
    [() => problem(429, "brand-new"), /Too many attempts/],
  ])("says what is the matter with the server (%#)", async (answer, words) => {
    server.use(http.post(url("/auth/login"), answer));
    renderPage(<LoginPage />);
    await signIn();
    expect(await screen.findByText(words)).toBeVisible();
  });

  it("sends a form once, however often the button is pressed", async () => {
    let count = 0;
    server.use(
      http.post(url("/auth/login"), async () => {
        count += 1;
        await delay(50);
        return HttpResponse.json(signedIn());
      }),
    );
    const { history } = renderPage(<LoginPage />);
    await signIn();
    await userEvent.dblClick(screen.getByRole("button", { name: "Signing in…" }));
    await waitFor(() => expect(history.location.href).toBe("/"));
    expect(count).toBe(1);
  });

  it("tells what to do with a server that is not set up", async () => {
    server.use(http.get(url("/server"), () => HttpResponse.json({ ...theServer, setup_required: true })));
    renderPage(<LoginPage />);
    expect(await screen.findByRole("heading", { name: "This server is not set up yet" })).toBeVisible();
    expect(screen.getByText("inkstone user setup-link")).toBeVisible();
  });

  it("offers an account only where everybody may have one", async () => {
    renderPage(<LoginPage />);
    await email();
    expect(screen.queryByRole("link", { name: "Create one" })).toBeNull();
  });

  it("changes its words in place, with what was typed", async () => {
    renderPage(<LoginPage />);
    await userEvent.type(await email(), "ada@");
    await userEvent.click(screen.getByRole("button", { name: "Deutsch" }));
    expect(await screen.findByLabelText("E-Mail-Adresse")).toHaveValue("ada@");
    expect(document.documentElement.lang).toBe("de");
    await userEvent.click(screen.getByRole("button", { name: "English" }));
    await screen.findByLabelText("E-mail");
  });
});
