/** The page of export and import, and a server with jobs. */
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { HttpResponse, http } from "msw";
import type { SetupServer } from "msw/node";
import { makeQueryClient } from "@/app/query-client";
import { problem, url } from "@/features/auth/testing/api";
import { renderPage } from "@/features/auth/testing/render";
import type { Job } from "@/shared/api/client";
import { Toaster } from "@/shared/ui/toaster";
import { DataSettings } from "../data-settings";

export const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

export const job = (id: string, change: Partial<Job> = {}): Job => ({
  id,
  kind: "export",
  state: "done",
  progress: { done: 1204, total: 1204 },
  attempts: 1,
  result: { notes: 1204, notebooks: 3, bytes: 3_400_000, change: 9 },
  error: null,
  created_at: minutesAgo(5),
  due_at: minutesAgo(5),
  started_at: minutesAgo(5),
  ended_at: minutesAgo(4),
  ...change,
});
export const imported = (id: string, result: object, change: Partial<Job> = {}): Job =>
  job(id, {
    kind: "import",
    result: { notebooks: 0, imported: 0, unchanged: 0, remarks: [], refused: [], skipped: [], unnamed: 0, ...result },
    ...change,
  });
export const running = (id: string, kind: "export" | "import", done: number): Job =>
  job(id, { kind, state: "running", progress: { done, total: 80 }, result: null, ended_at: null });

/** A server with these jobs; `answers` are what it says one after the other of the one that is asked about. */
export function serve(server: SetupServer, jobs: Job[], answers: Job[] = []) {
  let left = answers;
  server.use(
    http.get(url("/jobs"), () => HttpResponse.json({ items: jobs, next_cursor: null })),
    http.get(url("/jobs/:id"), ({ params }) => {
      const [now = jobs.find(({ id }) => id === params.id), ...rest] = left;
      left = rest.length > 0 || !now ? rest : [now];
      return now ? HttpResponse.json(now) : problem(404, "not-found");
    }),
  );
}

export const openData = (client = makeQueryClient()) =>
  renderPage(
    <>
      <DataSettings />
      <Toaster />
    </>,
    client,
  );
export const button = (name: string) => screen.findByRole("button", { name });
export const zip = (name = "notes.zip") => new File(["PK\u0003\u0004 and so on"], name, { type: "application/zip" });

/** Chooses files in the dialog of the browser. */
export async function choose(...files: File[]): Promise<void> {
  await button("Choose a zip");
  await userEvent
    .setup({ applyAccept: false })
    .upload(screen.getByLabelText("Choose a zip", { selector: "input" }), files);
}
