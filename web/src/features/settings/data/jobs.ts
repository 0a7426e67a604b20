/**
 * The own jobs that make exports and bring archives in, and how far they are.
 *
 * One list holds what is known; it is read when the page opens, which finds again what was begun before. A job under way is asked about
 * while the page is looked at, and its answer goes into the list. What a reader would get wrong: nobody follows a job after the page was
 * left. The job goes on, and the list is read anew when the page comes back.
 */
import { type QueryClient, queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { refreshNotes } from "@/features/notes/queries";
import { data, http, type Job } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";

export type JobKind = "export" | "import";

const listKey = ["jobs", "list"];

/** Milliseconds. The server writes progress down every few seconds; short jobs are done by the second look. */
const PAUSE = 1_000;

/** As many as are asked for: there is one job of a kind at a time, and they go after a week. */
const NEWEST = 50;

/** Failed ones are kept for months; that something failed is news for as long as what succeeded is kept. */
const NEWS_MS = 7 * 24 * 60 * 60 * 1000;

export const isUnderWay = ({ state }: Job): boolean => state === "queued" || state === "running";

export const jobsQuery = () =>
  queryOptions({
    queryKey: listKey,
    queryFn: async ({ signal }) =>
      (await data(http.GET("/jobs", { params: { query: { limit: NEWEST } }, signal }))).items,
    staleTime: 0,
  });

/** What is known of the jobs of one kind, the newest first. */
export interface Jobs {
  /** Whether they were ever read; `error` when that is why not. */
  known: boolean;
  error: unknown;
  reload: () => void;
  /** The newest, if it says something: that it is under way, what has come of it, why it failed. */
  latest: Job | undefined;
  done: Job[];
  /** `latest` is under way, and the server could not be asked how far it is. */
  unheard: boolean;
}

/** The jobs of one kind, followed. */
export function useJobs(kind: JobKind): Jobs {
  const client = useQueryClient();
  const list = useQuery(jobsQuery());
  const jobs = (list.data ?? []).filter((job) => job.kind === kind);
  const latest = jobs.find((job) => isUnderWay(job) || Date.now() - Date.parse(job.created_at) < NEWS_MS);
  const followed = latest && isUnderWay(latest) ? latest.id : undefined;
  const follow = useQuery({
    queryKey: ["jobs", "followed", followed],
    queryFn: ({ signal }) => look(client, followed ?? "", signal),
    enabled: followed !== undefined,
    refetchInterval: PAUSE,
    retry: false,
    staleTime: 0,
    gcTime: 0,
  });
  return {
    known: list.data !== undefined,
    error: list.data ? null : list.error,
    reload: () => void list.refetch(),
    latest,
    done: jobs.filter(({ state }) => state === "done"),
    unheard: followed !== undefined && follow.isError,
  };
}

/** Asks how far a job is. */
async function look(client: QueryClient, id: string, signal: AbortSignal): Promise<null> {
  try {
    const job = await data(http.GET("/jobs/{id}", { params: { path: { id } }, signal }));
    keepJob(client, job);
    if (job.kind === "import" && !isUnderWay(job)) void refreshNotes(client);
  } catch (error) {
    // An administrator has put it away.
    if (!isProblem(error, "not-found")) throw error;
    await client.invalidateQueries({ queryKey: listKey });
  }
  return null;
}

/** Takes a job into the list, where it is followed. */
export function keepJob(client: QueryClient, job: Job): void {
  const known = client.getQueryData<Job[]>(listKey);
  if (known) {
    client.setQueryData<Job[]>(
      listKey,
      known.some(({ id }) => id === job.id) ? known.map((one) => (one.id === job.id ? job : one)) : [job, ...known],
    );
  } else refreshJobs(client);
}

/** Reads the list anew: something may have begun of which nothing was heard. */
export const refreshJobs = (client: QueryClient): void => void client.invalidateQueries({ queryKey: listKey });
