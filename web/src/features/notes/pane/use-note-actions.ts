/**
 * What can be done with the open note, registered for the keyboard, the menu and the palette.
 *
 * Owns what each action does and what it says afterwards. Changes go through `sync/`, so that they work offline too.
 */
import { useNavigate } from "@tanstack/react-router";
import { type Handlers, useActions } from "@/app/actions/registry";
import { useSync } from "@/features/sync/provider";
import type { LocalNote } from "@/features/sync/types";
import { t } from "@/shared/i18n/all";
import { problemText } from "@/shared/i18n/problem-text";
import { toast } from "@/shared/ui/toast";
import { asMarkdown, copyText, linkTo } from "./copy";

/** What the pane itself does. */
export interface PaneDoes {
  /** All of the text as it is now. */
  text: () => string;
  edit: () => void;
  find: (() => void) | undefined;
  focusTags: () => void;
  addTitle: (() => void) | undefined;
  togglePreview: () => void;
  toggleOutline: () => void;
  chooseNotebook: () => void;
  askPurge: () => void;
  back: () => void;
  close: () => void;
  previewing: boolean;
}

/** Says what went wrong, wherever it was. */
export const sayFailure = (error: unknown): void => {
  toast(t("notes.done.failed", { reason: problemText(error) }), { tone: "error" });
};

const say = (copied: boolean, message: string): void => {
  if (copied) toast(message);
  else toast(t("notes.done.notCopied"), { tone: "error" });
};

export function useNoteActions(note: LocalNote, pane: PaneDoes, limits: { note_title_chars: number }): void {
  const sync = useSync();
  const navigate = useNavigate();
  const { id, content, trashed, server } = note;
  const open = (other: string) => navigate({ to: "/notes/$id", params: { id: other }, search: (view) => view });
  // In the trash a note cannot be changed, and while two versions wait for a decision it must not.
  const changeable = !trashed && note.saving.kind !== "conflict" && note.saving.kind !== "gone";
  const whenChangeable = (run: () => void) => ({ run, enabled: changeable });

  const archive = (state: "active" | "archived") => {
    sync.edit(id, { state });
    toast(t(state === "archived" ? "notes.done.archived" : "notes.done.unarchived"), {
      action: {
        label: t("notes.done.undo"),
        run: () => sync.edit(id, { state: state === "archived" ? "active" : "archived" }),
      },
    });
  };

  const duplicate = () => {
    const title = content.title ?? server?.title ?? "";
    const named = title && t("notes.pane.copyOf", { title });
    const copy = sync.create({
      ...content,
      body: pane.text(),
      title: named && Array.from(named).length <= limits.note_title_chars ? named : content.title,
      pinned: false,
      state: "active",
    });
    toast(t("notes.done.duplicated"));
    void open(copy);
  };

  const handlers: Handlers = {
    "note.edit": trashed ? undefined : pane.edit,
    "note.save": whenChangeable(() => void sync.saveNow(id)),
    "note.find": pane.find,
    "note.pin": {
      ...whenChangeable(() => {
        sync.edit(id, { pinned: !content.pinned });
        toast(t(content.pinned ? "notes.done.unpinned" : "notes.done.pinned"));
      }),
      label: content.pinned ? "command.note.unpin" : "command.note.pin",
    },
    "note.archive": {
      ...whenChangeable(() => archive(content.state === "archived" ? "active" : "archived")),
      label: content.state === "archived" ? "command.note.unarchive" : "command.note.archive",
    },
    "note.move": whenChangeable(pane.chooseNotebook),
    "note.tags": whenChangeable(pane.focusTags),
    "note.title": changeable ? pane.addTitle : undefined,
    "note.duplicate": duplicate,
    "note.copyMarkdown": () => {
      void copyText(asMarkdown(content.title, pane.text())).then((done) => say(done, t("notes.done.copied")));
    },
    "note.copyLink": () => {
      void copyText(linkTo(id)).then((done) => say(done, t("notes.done.linkCopied")));
    },
    "note.trash": whenChangeable(() => {
      pane.close();
      sync.trash(id).then(
        () =>
          toast(t("notes.done.trashed"), {
            action: { label: t("notes.done.undo"), run: () => void sync.restore(id).then(() => open(id), sayFailure) },
          }),
        sayFailure,
      );
    }),
    "note.restore": {
      run: () => void sync.restore(id).then(() => toast(t("notes.done.restored")), sayFailure),
      enabled: trashed,
    },
    "note.purge": { run: pane.askPurge, enabled: trashed },
    "note.preview": {
      run: pane.togglePreview,
      label: pane.previewing ? "command.note.write" : "command.note.preview",
    },
    "note.outline": pane.toggleOutline,
    "go.back": pane.back,
  };
  useActions(handlers);
}
