import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import type { ReactNode } from "react";
import { describe, expect, it, vi } from "vitest";
import { makeQueryClient } from "@/app/query-client";
import { keptSession } from "@/features/auth/kept";
import { sessionQuery } from "@/features/auth/session";
import { ada, api, problem, url } from "@/features/auth/testing/api";
import { renderPage } from "@/features/auth/testing/render";
import { readAppearance } from "@/shared/lib/appearance";
import { Toaster } from "@/shared/ui/toaster";
import { AppearanceSettings } from "./appearance";
import { Profile } from "./profile";
import { Security } from "./security";

const server = api();

function open(page: ReactNode) {
  const client = makeQueryClient();
  client.setQueryData(sessionQuery().queryKey, { user: ada, store: "store-1" });
  return renderPage(
    <>
      {page}
      <Toaster />
    </>,
    client,
  );
}

describe("the profile", () => {
  it("changes the name, here and in what the device remembers", async () => {
    const sent: unknown[] = [];
    server.use(
      http.patch(url("/me"), async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json({ ...ada, name: "Countess" });
      }),
    );
    open(<Profile />);
    const name = await screen.findByLabelText("Name");
    await userEvent.clear(name);
    await userEvent.type(name, "  Countess {Enter}");
    expect(await screen.findByText("Saved")).toBeVisible();
    expect(sent).toEqual([{ name: "Countess" }]);
    expect(name).toHaveValue("Countess");
    expect(keptSession()?.user.name).toBe("Countess");
  });

  it("asks for the default when the name is emptied", async () => {
    const sent: unknown[] = [];
    server.use(
      http.patch(url("/me"), async ({ request }) => {
        sent.push(await request.json());
        return HttpResponse.json({ ...ada, name: "ada" });
      }),
    );
    open(<Profile />);
    const name = await screen.findByLabelText("Name");
    await userEvent.clear(name);
    await userEvent.click(screen.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(name).toHaveValue("ada"));
    expect(sent).toEqual([{ name: null }]);
  });

  it("changes the address in a dialog, and says when it is taken", async () => {
    const sent: unknown[] = [];
    server.use(
      http.patch(url("/me"), async ({ request }) => {
        sent.push(await request.json());
        return sent.length === 1
          ? problem(409, "email-taken")
          : HttpResponse.json({ ...ada, email: "countess@example.org" });
      }),
    );
    open(<Profile />);
    expect(await screen.findByLabelText("E-mail")).toHaveAttribute("readonly");
    await userEvent.click(screen.getByRole("button", { name: "Change address…" }));
    const dialog = within(await screen.findByRole("dialog"));
    const field = dialog.getByLabelText("E-mail");
    await userEvent.clear(field);
    await userEvent.type(field, "countess@example.org{Enter}");
    expect(await dialog.findByText(/has an account already/)).toBeVisible();
    await userEvent.click(dialog.getByRole("button", { name: "Change address" }));
    expect(await screen.findByText(/The address is changed/)).toBeVisible();
    expect(sent).toEqual([{ email: "countess@example.org" }, { email: "countess@example.org" }]);
    expect(keptSession()?.user.email).toBe("countess@example.org");
  });

  it("deletes the account after a question, and takes that back", async () => {
    const deletes_at = "2026-03-08T09:30:00.000000Z";
    server.use(
      http.delete(url("/me"), () => HttpResponse.json({ ...ada, deletes_at })),
      http.post(url("/me/keep"), () => HttpResponse.json(ada)),
    );
    open(<Profile />);
    await userEvent.click(await screen.findByRole("button", { name: "Delete account…" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Delete your account?" }));
    await userEvent.click(dialog.getByRole("button", { name: "Delete account" }));
    expect(await screen.findByText(/^Your account will be deleted on/)).toBeVisible();
    await userEvent.click(screen.getByRole("button", { name: "Keep my account" }));
    expect(await screen.findByText("Your account stays.")).toBeVisible();
    expect(screen.getByRole("button", { name: "Delete account…" })).toBeVisible();
  });
});

describe("changing the password", () => {
  async function change(current: string, next: string) {
    await userEvent.type(await screen.findByLabelText("Current password"), current);
    await userEvent.type(screen.getByLabelText("New password"), `${next}{Enter}`);
  }

  it("says what has happened, and empties the form", async () => {
    server.use(http.post(url("/me/password"), () => new HttpResponse(null, { status: 204 })));
    open(<Security />);
    await change("correct horse battery", "staple of another stable");
    expect(await screen.findByText("The password is changed. All other sessions have ended.")).toBeVisible();
    expect(screen.getByLabelText("Current password")).toHaveValue("");
    expect(screen.getByLabelText("New password")).toHaveValue("");
  });

  it("says beside the field that the current one is wrong, in our words", async () => {
    const errors = [{ field: "current_password", detail: "English words of the server" }];
    server.use(http.post(url("/me/password"), () => problem(422, "invalid-request", { errors })));
    open(<Security />);
    await change("not that one", "staple of another stable");
    const field = screen.getByLabelText("Current password");
    await waitFor(() => expect(field).toHaveAccessibleDescription("This is not your current password."));
    expect(field).toHaveFocus();
  });

  it("asks for ten characters, and for another one", async () => {
    open(<Security />);
    await change("correct horse battery", "short");
    expect(screen.getByText("The password needs at least 10 characters; this one has 5.")).toBeVisible();
    await userEvent.clear(screen.getByLabelText("New password"));
    await userEvent.type(screen.getByLabelText("New password"), "correct horse battery{Enter}");
    expect(await screen.findByText("This is the password that you have already.")).toBeVisible();
  });

  it("counts characters as people do", async () => {
    open(<Security />);
    await change("correct horse battery", "🐢🐢🐢🐢🐢🐢");
    expect(screen.getByText(/this one has 6/)).toBeVisible();
  });

  it("shows what was typed on demand", async () => {
    open(<Security />);
    await screen.findByLabelText("New password");
    const [, show] = screen.getAllByRole("button", { name: "Show password" });
    if (!show) throw new Error("no second button");
    await userEvent.click(show);
    expect(screen.getByLabelText("New password")).toHaveAttribute("type", "text");
    expect(screen.getByLabelText("Current password")).toHaveAttribute("type", "password");
  });
});

describe("the appearance", () => {
  it("changes the colours at once", async () => {
    open(<AppearanceSettings />);
    const colours = within(await screen.findByRole("group", { name: "Colours" }));
    await userEvent.click(colours.getByLabelText("Dark"));
    expect(document.documentElement.dataset.theme).toBe("dark");
    await userEvent.click(colours.getByLabelText("System"));
    expect(document.documentElement.dataset.theme).toBeUndefined();
  });

  it("loads the page again for another language", async () => {
    const loaded = vi.spyOn(location, "reload").mockImplementation(() => {});
    open(<AppearanceSettings />);
    await userEvent.click(await screen.findByLabelText("Deutsch"));
    await waitFor(() => expect(loaded).toHaveBeenCalledOnce());
    expect(readAppearance().language).toBe("de");
    loaded.mockRestore();
  });

  it("switches single keys off", async () => {
    open(<AppearanceSettings />);
    await userEvent.click(await screen.findByRole("switch", { name: "Single-key shortcuts" }));
    expect(readAppearance().singleKeys).toBe(false);
  });
});
