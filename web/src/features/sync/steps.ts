/**
 * What an answer of the server does to what is stored: each a single transaction.
 *
 * Owns how a note, a draft and the server's word come together. Leaves asking to `saver.ts`.
 */
import type { Disk } from "./disk/disk";
import type { Answer, Effects } from "./effects";
import { mergeContent } from "./merge/content";
import { blank, contentOf, type Draft, isEcho, type Kept, rebase, type Stored } from "./model";
import { settled } from "./reconcile";
import type { Content } from "./types";

export const keptOf = ({ note, seq }: Answer, now: number): Kept => ({
  id: note.id,
  note,
  seq,
  at: now,
  size: note.title.length + (note.body?.length ?? 0),
});

const newRev = (effects: Effects): string => `${effects.now().toString(36)}-${effects.random().toString(36).slice(2)}`;

/**
 * A word of the server that is older than the stored one says nothing: where tabs cannot take turns, it may come late, and a
 * merge would take what it lacks for deleted.
 */
export const isOlder = (answer: Answer, kept: Kept | undefined): boolean =>
  kept?.seq !== undefined && answer.seq !== undefined && answer.seq < kept.seq;

/** The server's word is `answer` now: the draft goes on from there. */
export function metWith(stored: Stored, answer: Answer, rev: string): Draft | null {
  const { draft } = stored;
  if (!draft) return null;
  const { note } = answer;
  const theirs = contentOf(note);
  const next: Draft = { ...draft, base: note, rev, attempt: null };
  if (draft.attempt && isEcho(draft.attempt, note)) {
    return settled({ ...next, local: rebase(draft.attempt, draft.local, theirs) }).draft ?? null;
  }
  if (note.state === "trashed" && draft.wish !== "restore") {
    const edited = !isUntouched(draft);
    // Both threw it away, or only they did and nothing was written here.
    if (!edited) return null;
    return { ...next, base: draft.base ?? note, wish: null, gone: "trashed" };
  }
  if (note.state !== "trashed" && next.wish === "restore") next.wish = null;
  // An open conflict is decided against what the person has seen; the next save finds out about this.
  if (draft.conflict) return { ...draft, attempt: null };
  const base = draft.base ? contentOf(draft.base) : blank;
  const merged = mergeContent(base, draft.local, theirs);
  if (merged.clean) return settled({ ...next, local: merged.content }).draft ?? null;
  return { ...next, local: merged.mine, conflict: { base, theirs: merged.theirs } };
}

/** Whether nothing was written into it beyond the server's word: only moved to or from the trash. */
const isUntouched = (draft: Draft): boolean =>
  draft.base !== null && settled({ ...draft, wish: null, attempt: null }).draft === null;

export function steps(id: string, disk: Disk, effects: Effects) {
  const change = (decide: (draft: Draft, stored: Stored) => Draft | null, answer?: Answer) =>
    disk.change(id, (stored) => {
      if (answer && isOlder(answer, stored.kept)) return undefined;
      const kept = answer && keptOf(answer, effects.now());
      return {
        ...(stored.draft ? { draft: decide(stored.draft, stored) } : {}),
        ...(kept ? { kept } : {}),
      };
    });
  return {
    read: () => effects.api.read(id),

    /** The server took what was sent. */
    acknowledge(answer: Answer, sent: Content): Promise<Stored> {
      const rev = newRev(effects);
      return change((draft) => {
        const local = rebase(sent, draft.local, contentOf(answer.note));
        return settled({ ...draft, base: answer.note, local, rev, attempt: null }).draft ?? null;
      }, answer);
    },

    /** The server's word differs from the base. */
    async meet(answer: Answer): Promise<void> {
      const rev = newRev(effects);
      await change((_draft, stored) => metWith(stored, answer, rev), answer);
    },

    restored(answer: Answer): Promise<Stored> {
      const rev = newRev(effects);
      return change((_draft, stored) => metWith(stored, answer, rev), answer);
    },

    /** It lies in the trash now, by our wish. What was written since is not in there. */
    trashed(answer: Answer): Promise<Stored> {
      const rev = newRev(effects);
      return change((draft) => {
        if (draft.wish !== "trash") return { ...draft, rev };
        return isUntouched(draft) ? null : { ...draft, wish: null, gone: "trashed", rev };
      }, answer);
    },

    gone(how: "trashed" | "purged"): Promise<Stored> {
      const rev = newRev(effects);
      return disk.change(id, ({ draft }) => {
        if (!draft) return { kept: null };
        const untouched = isUntouched(draft);
        return { kept: null, draft: untouched ? null : { ...draft, rev, wish: null, attempt: null, gone: how } };
      });
    },

    /** No verdict. `maybe`: the server may have done it all the same. */
    async unanswered(maybe: boolean): Promise<void> {
      if (!maybe) await change((draft) => ({ ...draft, attempt: null }));
    },

    /** Made and thrown away here, empty. */
    async forget(rev: string): Promise<void> {
      await disk.change(id, ({ draft }) => (draft?.rev === rev ? { draft: null } : undefined));
    },
  };
}

export type Steps = ReturnType<typeof steps>;
