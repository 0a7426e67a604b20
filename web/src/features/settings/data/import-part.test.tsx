import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { delay, HttpResponse, http } from "msw";
import { afterEach, describe, expect, it } from "vitest";
import { makeQueryClient } from "@/app/query-client";
import { api, problem, signedIn, url } from "@/features/auth/testing/api";
import { queryKeys } from "@/features/sync/query-keys";
import { button, choose, imported, openData, running, serve, zip } from "./testing/page";
import { forgetUpload, stopSending } from "./upload";

const server = api();

afterEach(() => {
  stopSending();
  forgetUpload();
});

describe("choosing what to import", () => {
  it.each([
    ["a Markdown file", [new File(["# Hi"], "hi.md")], /Only a zip can be imported here/],
    ["an empty file", [new File([], "empty.zip")], /This file is empty/],
    ["another kind of file under that name", [new File(["%PDF-1.7"], "scan.zip")], /This is not a zip/],
  ])("refuses %s and says what to do", async (_, files, words) => {
    serve(server, []);
    openData();
    await choose(...files);
    expect(await screen.findByText(words)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Import notes" })).toBeNull();
  });

  it("takes what is dropped onto the window, one at a time", async () => {
    serve(server, []);
    openData();
    await button("Choose a zip");
    drop(zip(), zip("more.zip"));
    expect(await screen.findByText("One zip at a time, please.")).toBeVisible();
    drop(zip("ملاحظات.zip"));
    expect(await screen.findByText("ملاحظات.zip")).toBeVisible();
    expect(screen.getByText("ملاحظات.zip").tagName).toBe("BDI");
    expect(screen.queryByText("One zip at a time, please.")).toBeNull();
  });

  it("shows name and size, and waits for the button, which has the focus", async () => {
    serve(server, []);
    openData();
    await choose(zip());
    expect(await screen.findByText("notes.zip")).toBeVisible();
    expect(screen.getByText("14 bytes")).toBeVisible();
    expect(await button("Import notes")).toHaveFocus();
  });
});

/** What a browser tells when files are dropped. */
function drop(...files: File[]): void {
  const event = new Event("drop", { bubbles: true, cancelable: true });
  Object.assign(event, { dataTransfer: { types: ["Files"], files } });
  window.dispatchEvent(event);
  expect(event.defaultPrevented).toBe(true);
}

describe("the import", () => {
  async function send(file = zip()): Promise<void> {
    await choose(file);
    await userEvent.click(await button("Import notes"));
  }

  it("sends the zip as it is, follows the job and says what came of it", async () => {
    const sent: string[] = [];
    serve(server, [], [running("i1", "import", 30), imported("i1", { imported: 7, unchanged: 2, notebooks: 3 })]);
    server.use(
      http.post(url("/import"), async ({ request }) => {
        sent.push(request.headers.get("Content-Type") ?? "", await request.text());
        return HttpResponse.json(running("i1", "import", 0), { status: 202 });
      }),
    );
    const client = makeQueryClient();
    client.setQueryData(["notes", "list", {}], []);
    client.setQueryData(queryKeys.notebooks, []);
    openData(client);
    await send();
    expect(await screen.findByText("30 of 80 files")).toBeVisible();
    const report = within(
      (await screen.findByRole("heading", { name: "Import done" })).closest("section") as HTMLElement,
    );
    expect(sent).toEqual(["application/octet-stream", "PK\u0003\u0004 and so on"]);
    for (const [label, count] of [
      ["Notes created", "7"],
      ["Already there", "2"],
      ["Notebooks created", "3"],
      ["Files skipped", "0"],
    ] as const) {
      expect(within(report.getByText(label).parentElement as HTMLElement).getByText(count)).toBeVisible();
    }
    expect(report.queryByText("Skipped files")).toBeNull();
    expect(screen.getByText("The import is done.")).toBeInTheDocument();
    // What the app knew of notes and notebooks is outdated.
    expect(client.getQueryState(["notes", "list", {}])?.isInvalidated).toBe(true);
    expect(client.getQueryState(queryKeys.notebooks)?.isInvalidated).toBe(true);
  });

  it("names the first fifty skipped files with reasons, and says how many more there are", async () => {
    const photos = Array.from({ length: 98 }, (_, index) => ({ source: `photo-${index}.jpg`, reason: "not-markdown" }));
    const skipped = [
      { source: "Journal/März.md", reason: "damaged", detail: "its checksum differs" },
      { source: "later.md", reason: "of-tomorrow" },
      ...photos,
    ];
    const remarks = [{ source: "Plan.md", detail: "its title was too long" }];
    serve(server, [imported("i1", { imported: 1, skipped, unnamed: 20, remarks })]);
    openData();
    const list = await screen.findByRole("list", { name: "Skipped files" });
    expect(within(list).getAllByRole("listitem")).toHaveLength(51);
    expect(within(list).getByText("Journal/März.md")).toBeVisible();
    expect(within(list).getByText("Damaged: its checksum differs")).toBeVisible();
    expect(within(list).getByText("of-tomorrow")).toBeVisible();
    expect(within(list).getAllByText("Not Markdown")).toHaveLength(48);
    expect(within(list).getByText("and 70 more")).toBeVisible();
    expect(within(screen.getByRole("list", { name: "What did not fit as it was" })).getByText("Plan.md")).toBeVisible();
  });

  it("says that there was nothing in it", async () => {
    serve(server, [imported("i1", {})]);
    openData();
    expect(await screen.findByText("There are no Markdown files in this zip.")).toBeVisible();
  });

  it("is stopped while it is sent", async () => {
    serve(server, []);
    server.use(http.post(url("/import"), () => delay("infinite")));
    openData();
    await send();
    expect(await screen.findByRole("progressbar", { name: "The zip is being sent" })).toBeVisible();
    await userEvent.click(await button("Cancel"));
    expect(await screen.findByText("Sending was stopped.")).toBeVisible();
    expect(await button("Choose a zip")).toBeVisible();
  });

  it("renews a session that has run out before anything is sent, and where it ran out meanwhile sends once more", async () => {
    const calls: string[] = [];
    serve(server, [], [imported("i1", { imported: 1 })]);
    const told = (name: string) => calls.filter((call) => call === name).length;
    server.use(
      http.get(url("/me"), () => {
        calls.push("me");
        return told("me") === 1 ? problem(401, "invalid-token") : HttpResponse.json({});
      }),
      http.post(url("/import"), () => {
        calls.push("import");
        if (told("import") === 1) return problem(401, "invalid-token");
        return HttpResponse.json(running("i1", "import", 0), { status: 202 });
      }),
      http.post(url("/auth/refresh"), () => {
        calls.push("refresh");
        return HttpResponse.json(signedIn());
      }),
    );
    openData();
    await send();
    expect(await screen.findByRole("heading", { name: "Import done" })).toBeVisible();
    expect(calls).toEqual(["me", "refresh", "me", "import", "refresh", "import"]);
  });

  it.each([
    ["the server finds no zip in it", () => problem(422, "invalid-request"), /This is not a zip/],
    ["the disk is full", () => problem(507, "storage-full"), /The server’s disk is full/],
    ["it is too large", () => problem(413, "too-large"), /takes no zip of this size/],
    ["a proxy finds it too large", () => new HttpResponse("<html>", { status: 413 }), /takes no zip of this size/],
    ["the session has ended", () => problem(401, "invalid-token"), /Your session has ended/],
    ["the connection breaks", () => HttpResponse.error(), /The connection broke/],
  ])("says what to do when %s, and tries again", async (_, answer, words) => {
    serve(server, [], [imported("i1", { imported: 1 })]);
    server.use(
      http.post(url("/import"), answer, { once: true }),
      http.post(url("/import"), () => HttpResponse.json(running("i1", "import", 0), { status: 202 })),
    );
    openData();
    await send();
    expect(await screen.findByText(words)).toBeVisible();
    await userEvent.click(await button("Try again"));
    expect(await screen.findByRole("heading", { name: "Import done" })).toBeVisible();
  });

  it("shows the one that is under way already", async () => {
    serve(server, []);
    server.use(http.post(url("/import"), () => problem(409, "import-under-way")));
    openData();
    await button("Choose a zip");
    serve(server, [running("i0", "import", 5)]);
    await send();
    expect(await screen.findByText(/Another import is under way/)).toBeVisible();
    expect(await screen.findByText("5 of 80 files")).toBeVisible();
  });

  it("is found again after the page was loaded anew", async () => {
    serve(server, [running("i1", "import", 5)], [running("i1", "import", 5), imported("i1", { imported: 80 })]);
    openData();
    expect(await screen.findByText("5 of 80 files")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Choose a zip" })).toBeNull();
    expect(await screen.findByRole("heading", { name: "Import done" })).toBeVisible();
    expect(await button("Choose a zip")).toBeVisible();
  });

  it("says why the job has failed, and sends the same file once more", async () => {
    const failed = imported("i1", {}, { state: "failed", result: null, error: "it is not a zip, or a damaged one" });
    serve(server, [], [failed]);
    let sent = 0;
    server.use(
      http.post(url("/import"), () => {
        sent += 1;
        return HttpResponse.json(running(`i${sent}`, "import", 0), { status: 202 });
      }),
    );
    openData();
    await send();
    expect(await screen.findByText("The server says: it is not a zip, or a damaged one")).toBeVisible();
    serve(server, [], [imported("i2", { imported: 1 })]);
    await userEvent.click(await button("Try again"));
    expect(await screen.findByRole("heading", { name: "Import done" })).toBeVisible();
    expect(sent).toBe(2);
  });
});
