/**
 * The one archive that is being sent from this tab.
 *
 * It stands outside of the page, so that somebody may look at notes while it is sent and come back to it; leaving the app would end it,
 * which the browser asks about. It needs no account: signing out loads the app anew.
 */
import type { QueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { data, http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { upload } from "@/shared/api/upload";
import { keepJob, refreshJobs } from "./jobs";

export type Upload =
  | { state: "none" }
  | { state: "sending"; file: File; sent: number }
  | { state: "refused"; file: File; why: unknown }
  | { state: "stopped" };

let now: Upload = { state: "none" };
let stop = new AbortController();
/** What was sent for a job, so that it can be sent once more when the job fails. */
const sentFor = new Map<string, File>();
const listeners = new Set<() => void>();

function become(next: Upload): void {
  now = next;
  if (next.state === "sending") window.addEventListener("beforeunload", ask);
  else window.removeEventListener("beforeunload", ask);
  for (const listener of listeners) listener();
}

const ask = (event: BeforeUnloadEvent): void => event.preventDefault();

const subscribe = (listener: () => void) => {
  listeners.add(listener);
  return () => void listeners.delete(listener);
};

export const useUpload = (): Upload => useSyncExternalStore(subscribe, () => now);

/** The file that a job brings in, if it was sent from here. */
export const fileOf = (job: string): File | undefined => sentFor.get(job);

/** Sends it; from then on the job is in the list, or `refused` says why there is none. */
export async function sendArchive(client: QueryClient, file: File): Promise<void> {
  if (now.state === "sending") return;
  stop = new AbortController();
  const { signal } = stop;
  become({ state: "sending", file, sent: 0 });
  try {
    // A short question first: it renews a session that has run out, which else would be found out behind the whole archive.
    await data(http.GET("/me", { signal }));
    const job = await upload("/import", file, { signal, onSent: (sent) => become({ state: "sending", file, sent }) });
    sentFor.set(job.id, file);
    keepJob(client, job);
    become({ state: "none" });
  } catch (why) {
    become(signal.aborted ? { state: "stopped" } : { state: "refused", file, why });
    // Another import is to be shown; and where there was no answer, this one may have begun nevertheless.
    if (!isProblem(why) || isProblem(why, "import-under-way")) refreshJobs(client);
  }
}

export const stopSending = (): void => stop.abort();

/** Forgets what came of the last one, when somebody begins anew. */
export const forgetUpload = (): void => {
  if (now.state !== "sending") become({ state: "none" });
};
