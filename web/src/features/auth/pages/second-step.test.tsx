import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { api, problem, signedIn, url } from "../testing/api";
import { renderPage } from "../testing/render";
import { LoginPage } from "./login-page";

const server = api();

/** A server whose account has a second factor. */
function serve(answer: (body: unknown) => Response) {
  server.use(
    http.post(url("/auth/login"), () =>
      problem(401, "second-factor-required", { challenge: "c-1", methods: ["totp", "recovery-code"] }),
    ),
    http.post(url("/auth/second-factor"), async ({ request }) => answer(await request.json())),
  );
}

async function password() {
  const { history } = renderPage(<LoginPage />);
  await userEvent.type(await screen.findByLabelText("E-mail"), "ada@example.org");
  await userEvent.type(screen.getByLabelText("Password"), "correct horse battery{Enter}");
  expect(await screen.findByRole("heading", { name: "Second step" })).toBeVisible();
  return history;
}

describe("the second step of signing in", () => {
  it("takes the code, as apps write it, and opens the app", async () => {
    const sent: unknown[] = [];
    serve((body) => {
      sent.push(body);
      return HttpResponse.json(signedIn());
    });
    const history = await password();
    const code = await screen.findByLabelText("Code");
    expect(code).toHaveFocus();
    expect(code).toHaveAttribute("autocomplete", "one-time-code");
    await userEvent.type(code, "123 456{Enter}");
    await waitFor(() => expect(history.location.pathname).toBe("/"));
    expect(sent).toEqual([{ challenge: "c-1", method: "totp", code: "123456" }]);
  });

  it("says that a code is wrong beside it, and takes a recovery code instead", async () => {
    const sent: unknown[] = [];
    serve((body) => {
      sent.push(body);
      return sent.length === 1 ? problem(401, "invalid-code") : HttpResponse.json(signedIn());
    });
    const history = await password();
    await userEvent.type(await screen.findByLabelText("Code"), "000000{Enter}");
    await waitFor(() => expect(screen.getByLabelText("Code")).toHaveAccessibleDescription(/This code is not right/));
    await userEvent.click(screen.getByRole("button", { name: "Use a recovery code instead" }));
    await userEvent.type(screen.getByLabelText("Recovery code"), "abcd-efgh{Enter}");
    await waitFor(() => expect(history.location.pathname).toBe("/"));
    expect(sent[1]).toEqual({ challenge: "c-1", method: "recovery-code", code: "abcd-efgh" });
  });

  it("goes back to the password when it took too long, and says so", async () => {
    serve(() => problem(401, "challenge-expired"));
    await password();
    await userEvent.type(await screen.findByLabelText("Code"), "123456{Enter}");
    expect(await screen.findByText("That took too long. Enter your password once more.")).toBeVisible();
    expect(screen.getByLabelText("Password")).toBeVisible();
  });

  it("says how long to wait after too many attempts", async () => {
    serve(() =>
      HttpResponse.json(
        { type: "too-many-requests", status: 429, title: "", detail: "" },
        { status: 429, headers: { "Retry-After": "60" } },
      ),
    );
    await password();
    await userEvent.type(await screen.findByLabelText("Code"), "123456{Enter}");
    expect(await screen.findByText(/Too many attempts.*Try again in 60 seconds/)).toBeVisible();
  });
});
