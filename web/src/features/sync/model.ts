/**
 * What this device keeps of a note: the server's last word and, while they differ, the draft on top of it.
 *
 * Owns the shapes that lie in the database and the plain questions about them. What a reader would get wrong: a draft exists
 * exactly while something is not acknowledged by the server; `base` is what the server had when the local text began to
 * differ, and the only base that a merge may use.
 */
import type { Note, NotePatch } from "@/shared/api/client";
import type { Content } from "./types";

/** The server's last word, as it was read. */
export interface Kept {
  id: string;
  /** With its body. */
  note: Note;
  /** The change number of this state, when the answer told it. */
  seq: number | undefined;
  /** When it was written here, milliseconds since 1970: what came later is newer. */
  at: number;
  /** Characters, for the cap. */
  size: number;
}

/** What is not acknowledged. */
export interface Draft {
  id: string;
  /** `null`: the server does not have the note yet. */
  base: Note | null;
  local: Content;
  /** Drawn anew with each change: two tabs compare it before they write. */
  rev: string;
  /** What was sent and not answered: the server may have it, or not. */
  attempt: Content | null;
  wish: "trash" | "restore" | null;
  /** Both sides changed the same place. `theirs` is the server's (then it is `base` too) or another tab's. */
  conflict: { base: Content; theirs: Content } | null;
  /** It was deleted elsewhere. */
  gone: "trashed" | "purged" | null;
  /** When it began to differ. */
  since: number;
}

/** All that lies here under one id. */
export interface Stored {
  draft?: Draft | undefined;
  kept?: Kept | undefined;
}

/** A batch of keys written in haste while the page goes away; taken in at the next start. */
export interface Rescue {
  tab: string;
  id: string;
  /** Counts the tab's edits of that note; a later batch holds the earlier ones. */
  mark: number;
  known: Known;
  mine: Content;
  /** What was being written at that moment, which may have arrived or not. */
  writing: { rev: string; content: Content } | undefined;
}

/** What a tab believes to be stored: the text that its own edits grow from. */
export interface Known {
  token: string;
  content: Content;
  server: Note | null;
}

/** No stored state has this token: whatever is stored has to be merged with. */
export const NEVER = "never";

/** What a rescued batch grew from, given what arrived. */
export const knownOf = ({ known, writing }: Rescue, stored: Stored): Known =>
  writing && stored.draft?.rev === writing.rev
    ? { token: NEVER, content: writing.content, server: stored.draft.base }
    : known;

export const blank: Content = { title: null, body: "", tags: [], notebook_id: null, pinned: false, state: "active" };

export const contentOf = (note: Note): Content => ({
  title: note.title_derived ? null : note.title,
  body: note.body ?? "",
  tags: note.tags,
  notebook_id: note.notebook_id ?? null,
  pinned: note.pinned,
  // The trash is no content; where a note in it came from is not told.
  state: note.state === "archived" ? "archived" : "active",
});

/** What stands under the id for this device. */
export const localOf = (stored: Stored): Content | undefined =>
  stored.draft?.local ?? (stored.kept && contentOf(stored.kept.note));

/** The server's last word. */
export const serverOf = (stored: Stored): Note | null =>
  stored.draft ? stored.draft.base : (stored.kept?.note ?? null);

/** Names the stored state; equal tokens are equal states. */
export function tokenOf(stored: Stored): string {
  if (stored.draft) return stored.draft.rev;
  return stored.kept ? `${stored.kept.note.version}/${stored.kept.at}` : "nothing";
}

const sameTags = (a: string[], b: string[]): boolean =>
  a.length === b.length && [...a].sort().join("\n") === [...b].sort().join("\n");

export const sameContent = (a: Content, b: Content): boolean =>
  a.body === b.body && Object.keys(patchOf(a, b)).length === 0;

/** What the server would make of it, for comparing what was sent with what is there. */
const asServed = (content: Content): Content => ({
  ...content,
  title: content.title?.trim() ? content.title : null,
  tags: content.tags.map((tag) => tag.trim().toLowerCase()),
});

/** Whether the note is what was sent. */
export const isEcho = (sent: Content, note: Note): boolean =>
  note.state !== "trashed" && sameContent(asServed(sent), asServed(contentOf(note)));

/** The fields that differ, as the server takes them. */
export function patchOf(from: Content, to: Content): NotePatch {
  return {
    ...(from.title === to.title ? {} : { title: to.title }),
    ...(from.body === to.body ? {} : { body: to.body }),
    ...(sameTags(from.tags, to.tags) ? {} : { tags: to.tags }),
    ...(from.notebook_id === to.notebook_id ? {} : { notebook_id: to.notebook_id }),
    ...(from.pinned === to.pinned ? {} : { pinned: to.pinned }),
    ...(from.state === to.state ? {} : { state: to.state }),
  };
}

/** What was changed since it was sent, on top of what the server made of it. Fields that were not touched since are the server's. */
export const rebase = (sent: Content, local: Content, served: Content): Content => ({
  ...served,
  ...(patchOf(sent, local) as Partial<Content>),
});

/** Whether nothing of it needs the server any more. */
export const isIdle = (draft: Draft): boolean =>
  draft.base !== null &&
  draft.wish === null &&
  draft.conflict === null &&
  draft.gone === null &&
  draft.attempt === null &&
  sameContent(contentOf(draft.base), draft.local);
