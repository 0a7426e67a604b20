/**
 * The rows of a view, wherever they come from: the server's pages, what this device lays over them, or, when the server is
 * away and nothing was read from it yet, this device alone.
 */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { useSync, useSyncState } from "@/features/sync/provider";
import { Unreachable } from "@/shared/api/problem";
import { type Findings, listKey, listQuery, type Row, type Rows } from "../queries";
import type { NotesView } from "../view";
import type { ListedRow } from "./merge";
import type { DeviceRows } from "./on-device";
import { useLocals, useOnDevice } from "./use-locals";

export interface RowsState {
  rows: readonly ListedRow[];
  /** What the search says besides its hits. */
  findings: Findings | undefined;
  /** Nothing is known yet. */
  loading: boolean;
  /** Rows of an earlier question stand there until this one is answered. */
  earlier: boolean;
  /** Why there are no rows. */
  error: unknown;
  /** `device`: the rows are those that this device keeps. `stale`: the server's, and it could not be asked again. */
  offline: "device" | "stale" | undefined;
  /** What of the query this device could not judge, where it alone has answered. */
  unknown: readonly string[] | undefined;
  more: { has: boolean; error: unknown; read: () => void };
  retry: () => void;
}

const none: readonly Row[] = [];

/** Whether one list asks more closely than the other, so that its rows may stand there until the answer comes. */
const sameGround = (a: NotesView, b: NotesView): boolean =>
  a.place === b.place && a.tag === b.tag && a.notebook === b.notebook && a.year === b.year;

function useDeviceRows(view: NotesView, wanted: boolean): DeviceRows | undefined {
  const sync = useSync();
  const client = useQueryClient();
  const { data } = useQuery({
    queryKey: ["device", "list", view],
    queryFn: () => import("./on-device").then((here) => here.readDevice(sync, client, view)),
    placeholderData: (earlier, of) => (of && sameGround(of.queryKey[2] as NotesView, view) ? earlier : undefined),
    enabled: wanted,
    gcTime: 0,
  });
  return wanted ? data : undefined;
}

export function useRows(view: NotesView, open: string | undefined): RowsState {
  const client = useQueryClient();
  const query = useQuery({
    ...listQuery(view),
    placeholderData: (earlier: Rows | undefined, of) =>
      of && sameGround(of.queryKey[2] as NotesView, view) ? earlier : undefined,
  });
  const away = query.error instanceof Unreachable;
  // Where the last request met silence, the next question does not wait for its own before this device is asked.
  const { retryAt } = useSyncState();
  const device = useDeviceRows(view, !query.data && (away || retryAt !== null));
  const locals = useLocals(view, open);

  const served = query.data?.items ?? device?.rows;
  const onDevice = useOnDevice(locals.open !== undefined || locals.drafted.length > 0);
  const rows = useMemo(
    () => onDevice?.overlaid(served ?? none, locals, view) ?? served ?? none,
    [onDevice, served, locals, view],
  );

  const [moreError, setMoreError] = useState<{ of: string; error: unknown }>();
  const running = useRef<string>(undefined);
  const hash = JSON.stringify(listKey(view));
  const next = query.isPlaceholderData ? null : (query.data?.next ?? null);
  const read = useCallback(async () => {
    if (!next || running.current === next) return;
    running.current = next;
    try {
      await (await import("./read-more")).readMore(client, view);
      setMoreError(undefined);
    } catch (error) {
      setMoreError({ of: hash, error });
    } finally {
      running.current = undefined;
    }
  }, [client, view, next, hash]);

  return {
    rows,
    findings: query.data?.about,
    loading: query.isPending && !device,
    earlier: query.isPlaceholderData,
    error: query.data || device || (away && query.isFetching) ? undefined : query.error,
    unknown: device?.unknown,
    offline: device ? "device" : away && query.data ? "stale" : undefined,
    more: { has: next !== null, error: moreError?.of === hash ? moreError.error : undefined, read },
    retry: () => void query.refetch(),
  };
}
