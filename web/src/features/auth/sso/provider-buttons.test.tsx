import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LoginPage } from "../pages/login-page";
import { RegisterPage } from "../pages/register-page";
import { api, problem, url, withHome } from "../testing/api";
import { renderPage } from "../testing/render";
import { keptNext } from "./trip";

const server = api();
let went: ReturnType<typeof vi.spyOn>;

beforeEach(() => {
  went = vi.spyOn(location, "assign").mockImplementation(() => {});
  server.use(http.get(url("/server"), () => HttpResponse.json(withHome)));
});
afterEach(() => vi.restoreAllMocks());

const button = () => screen.findByRole("button", { name: "Continue with Home" });

/** The provider's address, as the server gives it. */
function begins(address = "https://id.example.org/authorize?state=in.1") {
  const begun = vi.fn();
  server.use(
    http.post(url("/auth/sso/home/begin"), () => {
      begun();
      return HttpResponse.json({ url: address });
    }),
  );
  return begun;
}

describe("the providers on the page where one signs in", () => {
  it("lead to theirs, once, and keep where somebody wanted to go", async () => {
    const begun = begins();
    renderPage(<LoginPage next="/notes/1?q=tea" />);
    await userEvent.dblClick(await button());
    await waitFor(() => expect(went).toHaveBeenCalledExactlyOnceWith("https://id.example.org/authorize?state=in.1"));
    expect(begun).toHaveBeenCalledOnce();
    expect(keptNext()).toBe("/notes/1?q=tea");
    expect(screen.getByRole("button", { name: "Going to Home…" })).toHaveAttribute("aria-disabled", "true");
  });

  it("can be used again by who comes back with the browser's own button", async () => {
    begins();
    renderPage(<LoginPage />);
    await userEvent.click(await button());
    await waitFor(() => expect(went).toHaveBeenCalledOnce());
    window.dispatchEvent(Object.assign(new Event("pageshow"), { persisted: true }));
    await userEvent.click(await button());
    await waitFor(() => expect(went).toHaveBeenCalledTimes(2));
  });

  it("say when the provider cannot be reached, and stay", async () => {
    server.use(http.post(url("/auth/sso/home/begin"), () => problem(502, "sso-unreachable")));
    renderPage(<LoginPage />);
    await userEvent.click(await button());
    expect(await screen.findByText(/cannot be reached, or is not set up well/)).toBeVisible();
    expect(await button()).not.toHaveAttribute("aria-disabled");
    expect(went).not.toHaveBeenCalled();
  });

  it("open nothing but addresses of the web", async () => {
    begins("javascript:alert(1)");
    renderPage(<LoginPage />);
    await userEvent.click(await button());
    expect(await screen.findByText(/did not work/)).toBeVisible();
    expect(went).not.toHaveBeenCalled();
  });

  it("stand where accounts are made, too", async () => {
    const open = { ...withHome, sign_in: { ...withHome.sign_in, signup: "open" } };
    server.use(http.get(url("/server"), () => HttpResponse.json(open)));
    renderPage(<RegisterPage />);
    expect(await button()).toBeVisible();
  });
});
