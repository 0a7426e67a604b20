import { screen, waitFor, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import { describe, expect, it, vi } from "vitest";
import { api, problem, signedIn, url } from "@/features/auth/testing/api";
import { button, job, minutesAgo, openData, running, serve } from "./testing/page";

const server = api();

describe("the export", () => {
  it("says what it is and begins when asked", async () => {
    const asked = vi.fn();
    serve(server, [], [running("e1", "export", 20)]);
    server.use(
      http.post(url("/exports"), () => {
        asked();
        return HttpResponse.json(running("e1", "export", 0), { status: 202 });
      }),
    );
    openData();
    expect(await screen.findByText(/archived and trashed ones too, as Markdown files in a zip/)).toBeVisible();
    await screen.findByRole("heading", { name: "Import" });
    await userEvent.click(await button("Export notes"));
    const bar = await screen.findByRole("progressbar", { name: "Your notes are being exported" });
    await waitFor(() => expect(bar).toHaveAttribute("aria-valuetext", "20 of 80 notes"));
    expect(screen.getByText("20 of 80 notes")).toBeVisible();
    // Once more while it is under way asks for nothing.
    await userEvent.click(await button("Export notes"));
    expect(asked).toHaveBeenCalledOnce();
  });

  it("is found again while it is under way, and ends as a link", async () => {
    serve(server, [running("e1", "export", 20)], [running("e1", "export", 60), job("e1")]);
    openData();
    expect(await screen.findByText("60 of 80 notes")).toBeVisible();
    const link = await screen.findByRole("link", { name: /^Download the export of/ });
    expect(link).toHaveAttribute("href", url("/exports/e1"));
    expect(link).toHaveAttribute("download");
    expect(screen.getByText("1,204 notes, 3.4 MB")).toBeVisible();
    expect(screen.getByText(/^Can be downloaded until/)).toBeVisible();
    expect(screen.getByText("The export is ready.")).toBeInTheDocument();
  });

  it("is offered as long as it is there, whatever was exported since", async () => {
    serve(server, [
      job("e3"),
      job("e2", { created_at: minutesAgo(24 * 60) }),
      job("e1", { created_at: minutesAgo(73 * 60) }),
    ]);
    openData();
    const list = await screen.findByRole("list", { name: "Exports" });
    expect(
      within(list)
        .getAllByRole("link")
        .map((link) => link.getAttribute("href")),
    ).toEqual([url("/exports/e3"), url("/exports/e2")]);
  });

  it("renews the session before it is fetched, which a link cannot", async () => {
    serve(server, [job("e1")]);
    const calls: string[] = [];
    server.use(
      http.get(url("/jobs/e1"), () => {
        calls.push("job");
        return calls.length === 1 ? problem(401, "invalid-token") : HttpResponse.json(job("e1"));
      }),
      http.post(url("/auth/refresh"), () => {
        calls.push("refresh");
        return HttpResponse.json(signedIn());
      }),
    );
    openData();
    const link = await screen.findByRole("link", { name: /^Download/ });
    const followed = new Promise<boolean>((tell) => {
      link.parentElement?.addEventListener("click", (event) => {
        if (event.defaultPrevented) return;
        event.preventDefault();
        tell(true);
      });
    });
    await userEvent.click(link);
    expect(await followed).toBe(true);
    expect(calls).toEqual(["job", "refresh", "job"]);
  });

  it("says why it has failed, and begins anew", async () => {
    const failed = job("e1", { state: "failed", result: null, error: "the archive cannot be written" });
    serve(server, [failed], [job("e2")]);
    server.use(http.post(url("/exports"), () => HttpResponse.json(running("e2", "export", 0), { status: 202 })));
    openData();
    expect(await screen.findByText("The server says: the archive cannot be written")).toBeVisible();
    await userEvent.click(await button("Try again"));
    expect(await screen.findByRole("link", { name: /^Download/ })).toBeVisible();
    expect(screen.queryByText("The export has failed")).toBeNull();
  });

  it("says that a run has failed and when the next one comes", async () => {
    const due_at = new Date(Date.now() + 10 * 60_000 + 5_000).toISOString();
    serve(server, [
      job("e1", { state: "queued", progress: { done: 0, total: null }, result: null, error: "disk full", due_at }),
    ]);
    openData();
    expect(await screen.findByText("One try has failed (disk full). The next one: in 10 min.")).toBeVisible();
    expect(screen.getByRole("progressbar")).not.toHaveAttribute("value");
  });

  it("says that the server cannot be asked, and goes on", async () => {
    serve(server, [running("e1", "export", 20)]);
    server.use(http.get(url("/jobs/e1"), () => HttpResponse.error(), { once: true }));
    openData();
    expect(await screen.findByText(/cannot be reached just now/)).toBeVisible();
    expect(await screen.findByText(/You can leave this page/)).toBeVisible();
  });

  it("says why it cannot be asked for", async () => {
    serve(server, []);
    server.use(http.post(url("/exports"), () => problem(507, "storage-full")));
    openData();
    await userEvent.click(await button("Export notes"));
    expect(await screen.findByText(/The server’s disk is full/)).toBeVisible();
  });
});

describe("what was begun before", () => {
  it("cannot be read: says why, and tries again", async () => {
    server.use(http.get(url("/jobs"), () => problem(503, "busy"), { once: true }));
    openData();
    expect(await screen.findByText(/The server is busy/)).toBeVisible();
    serve(server, [job("e1")]);
    await userEvent.click(await button("Try again"));
    expect(await screen.findByRole("link", { name: /^Download/ })).toBeVisible();
  });
});
