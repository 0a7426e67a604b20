/** The decisions between two versions of a note: what they do, what is said of it, and where one is afterwards. */
import { useNavigate } from "@tanstack/react-router";
import { useSync } from "@/features/sync/provider";
import type { LocalNote, Saving } from "@/features/sync/types";
import { t } from "@/shared/i18n/all";
import { toast } from "@/shared/ui/toast";
import type { Choice } from "./conflict/conflict-view";
import { sayFailure } from "./use-note-actions";

export interface OpenConflict {
  sides: Extract<Saving, { kind: "conflict" }>;
  choose: (choice: Choice) => Promise<void>;
}

const said = {
  mine: "notes.conflict.keptMine",
  theirs: "notes.conflict.keptTheirs",
  both: "notes.conflict.keptBoth",
} as const;

/** The conflict of the note, or `undefined` where there is none. */
export function useConflict({ id, saving }: LocalNote): OpenConflict | undefined {
  const sync = useSync();
  const navigate = useNavigate();
  if (saving.kind !== "conflict") return undefined;
  const choose = async (choice: Choice) => {
    try {
      const mine = await sync.resolve(id, choice);
      // A toast is announced, and for both it is the way to the other one.
      toast(
        t(said[choice]),
        mine
          ? {
              action: {
                label: t("notes.conflict.openMine"),
                run: () => void navigate({ to: "/notes/$id", params: { id: mine }, search: (view) => view }),
              },
            }
          : {},
      );
      // The button that had the focus is gone with the view.
      requestAnimationFrame(() => document.querySelector<HTMLElement>("article [role=textbox]")?.focus());
    } catch (error) {
      sayFailure(error);
    }
  };
  return { sides: saving, choose };
}

/** What was written into a note that was deleted elsewhere becomes a note of its own, which opens. */
export function useKeepAsNew(id: string): () => void {
  const sync = useSync();
  const navigate = useNavigate();
  return () => {
    sync.keepAsNew(id).then((kept) => {
      toast(t("notes.bar.kept"));
      return navigate({ to: "/notes/$id", params: { id: kept }, search: (view) => view });
    }, sayFailure);
  };
}
