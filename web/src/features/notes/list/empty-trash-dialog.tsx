/** Deleting everything in the trash, note by note: the API knows no other way, and so it can be seen and stopped. */
import { useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useSync } from "@/features/sync/provider";
import { data, http } from "@/shared/api/client";
import { isProblem } from "@/shared/api/problem";
import { t } from "@/shared/i18n";
import { problemText } from "@/shared/i18n/problem-text";
import { Button } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { DialogButtons } from "@/shared/ui/dialog-buttons";
import { toast } from "@/shared/ui/toast";
import { changeInLists, refreshNotes } from "../queries";

/** How many are deleted at a time: the server writes one after the other anyhow. */
const AT_ONCE = 4;

/** The ids of all notes in the trash. */
async function readTrash(): Promise<string[]> {
  const ids: string[] = [];
  let cursor: string | null = null;
  do {
    const query: { state: "trashed"; limit: number; cursor?: string } = {
      state: "trashed",
      limit: 200,
      ...(cursor ? { cursor } : {}),
    };
    const page: { items: { id: string }[]; next_cursor: string | null } = await data(
      http.GET("/notes", { params: { query } }),
    );
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next_cursor;
  } while (cursor);
  return ids;
}

export function EmptyTrashDialog({ onClose }: { onClose: () => void }) {
  const sync = useSync();
  const client = useQueryClient();
  const stopped = useRef(false);
  const [progress, setProgress] = useState<{ done: number; count: number }>();
  const [fault, setFault] = useState<string>();

  const empty = async () => {
    stopped.current = false;
    setFault(undefined);
    try {
      const ids = await readTrash();
      const left = [...ids];
      const gone = new Set<string>();
      let failed: unknown;
      setProgress({ done: 0, count: ids.length });
      const work = async () => {
        for (let id = left.pop(); id && !stopped.current; id = left.pop()) {
          try {
            await sync.purge(id);
            gone.add(id);
          } catch (error) {
            // Gone is what it shall be.
            if (isProblem(error, "not-found")) gone.add(id);
            else failed ??= error;
          }
          setProgress({ done: gone.size, count: ids.length });
        }
      };
      await Promise.all(Array.from({ length: AT_ONCE }, work));
      changeInLists(client, gone, () => undefined);
      void refreshNotes(client);
      if (failed) {
        setProgress(undefined);
        setFault(`${t("list.trash.failed", { count: ids.length - gone.size })} ${problemText(failed)}`);
        return;
      }
      toast(t("list.trash.did", { count: gone.size }));
      onClose();
    } catch (error) {
      setProgress(undefined);
      setFault(problemText(error));
    }
  };

  const stop = () => {
    stopped.current = true;
    if (!progress) onClose();
  };
  return (
    <Dialog open onOpenChange={stop} title={t("list.trash.title")} description={t("list.trash.body")}>
      {fault && (
        <p role="alert" className="text-sm text-danger">
          {fault}
        </p>
      )}
      {progress ? (
        <div className="grid gap-2">
          <progress
            value={progress.done}
            max={progress.count}
            aria-label={t("list.trash.title")}
            className="h-2 w-full accent-accent"
          />
          <p role="status" className="text-sm text-muted tabular-nums">
            {t("list.trash.progress", progress)}
          </p>
          <Button onClick={stop} className="justify-self-end">
            {t("list.trash.stop")}
          </Button>
        </div>
      ) : (
        <DialogButtons onCancel={onClose}>
          <Button variant="danger" onClick={() => void empty()}>
            {t("list.trash.confirm")}
          </Button>
        </DialogButtons>
      )}
    </Dialog>
  );
}
