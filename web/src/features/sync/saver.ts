/**
 * Brings one draft to the server.
 *
 * Reads the draft from the device, not from the tab: what is sent is what would survive a crash. Before a request that changes
 * a note, what it sends is written down (`attempt`); when no answer comes, the next try asks first whether the server has it,
 * since a lost acknowledgement must not turn into a conflict with oneself. A stale version is merged and sent again.
 *
 * Leaves when to try to `outbox.ts`, and who may send (one tab at a time for a note) to its caller. What a reader would get
 * wrong: between any two steps another tab may write the draft; each step therefore starts from what is stored then.
 */
import type { Note } from "@/shared/api/client";
import type { Problem } from "@/shared/api/problem";
import type { Disk } from "./disk/disk";
import type { Answer, Effects } from "./effects";
import { failureOf } from "./failure";
import { blank, contentOf, type Draft, isIdle, patchOf, sameContent } from "./model";
import { type Steps, steps } from "./steps";
import type { Content } from "./types";

export type Outcome =
  | { kind: "done" }
  /** Waits for the person: conflict or gone. */
  | { kind: "waits" }
  | { kind: "refused"; problem: Problem; rev: string }
  /** `problem` absent: it was changed elsewhere at each of our tries. */
  | { kind: "later"; problem?: Problem }
  | { kind: "silent" }
  /** Not tried: the line is closed. */
  | { kind: "held" }
  | { kind: "signed-out" };

/** A note that somebody else changes at each of our tries is left for later, not fought for. */
const MOST_ROUNDS = 12;

type Next = "nothing" | "waits" | "ask" | "restore" | "drop" | "create" | "patch" | "trash";

function nextOf(draft: Draft | undefined): Next {
  if (!draft) return "nothing";
  if (draft.conflict || draft.gone) return "waits";
  if (draft.attempt) return "ask";
  if (draft.wish === "restore") return "restore";
  // Thrown away before anything was written into it: the server never hears of it.
  if (!draft.base) return draft.wish === "trash" && sameContent(draft.local, blank) ? "drop" : "create";
  if (!sameContent(contentOf(draft.base), draft.local)) return "patch";
  return draft.wish === "trash" ? "trash" : "nothing";
}

/** What goes out with a first save: a new note cannot be archived. */
const asSent = (draft: Draft): Content => (draft.base ? draft.local : { ...draft.local, state: "active" });

export interface SaverHooks {
  /** The server took it. */
  saved(note: Note, before: Note | null): void;
  /** Whether it is still this person whom the server answers. */
  confirm(): Promise<boolean>;
}

/** Tries until the server has it or cannot have it now. */
export async function save(id: string, disk: Disk, effects: Effects, hooks: SaverHooks): Promise<Outcome> {
  const step = steps(id, disk, effects);
  for (let round = 0; round < MOST_ROUNDS; round++) {
    let next: Next = "nothing";
    const stored = await disk.change(id, ({ draft }) => {
      next = nextOf(draft);
      if (!draft) return;
      if (next === "create" || next === "patch") return { draft: { ...draft, attempt: asSent(draft) } };
      return next === "nothing" && isIdle(draft) ? { draft: null } : undefined;
    });
    const draft = stored.draft;
    if (!draft || next === "nothing") return { kind: "done" };
    if (next === "waits") return { kind: "waits" };
    try {
      if (next === "create" && !(await hooks.confirm())) {
        await step.unanswered(false);
        return { kind: "held" };
      }
      await perform(next, draft, step, effects, hooks);
    } catch (error) {
      const outcome = await failed(error, next, draft, step, hooks);
      if (outcome) return outcome;
    }
  }
  return { kind: "later" };
}

async function perform(next: Next, draft: Draft, step: Steps, { api }: Effects, { saved }: SaverHooks): Promise<void> {
  const { id, base } = draft;
  const acknowledged = async (answer: Answer) => {
    await step.acknowledge(answer, asSent(draft));
    saved(answer.note, base);
  };
  switch (next) {
    case "ask":
      return step.meet(await api.read(id));
    case "create":
      return acknowledged(await api.create(id, asSent(draft)));
    case "patch":
      if (base) await acknowledged(await api.patch(id, base.version, patchOf(contentOf(base), draft.local)));
      return;
    case "restore": {
      const answer = await api.restore(id);
      await step.restored(answer);
      return saved(answer.note, base);
    }
    case "trash": {
      if (!base) return;
      await api.trash(id, base.version);
      const answer = await api.read(id);
      await step.trashed(answer);
      return saved(answer.note, base);
    }
    case "drop":
      return step.forget(draft.rev);
    case "nothing":
    case "waits":
  }
}

/** Takes the failure in; `undefined`: go on with the next round. */
async function failed(
  error: unknown,
  next: Next,
  draft: Draft,
  step: Steps,
  hooks: SaverHooks,
): Promise<Outcome | undefined> {
  const failure = failureOf(error);
  switch (failure.kind) {
    case "silent":
      return { kind: "silent" };
    case "signed-out":
      await step.unanswered(false);
      return { kind: "signed-out" };
    case "later":
      await step.unanswered(!failure.certain);
      return { kind: "later", problem: failure.problem };
    case "refused":
      await step.unanswered(false);
      return { kind: "refused", problem: failure.problem, rev: draft.rev };
    case "missing":
      if (!(await hooks.confirm())) return { kind: "held" };
      // Not there yet: a first save that never arrived. Not there any more otherwise.
      if (next === "ask" && !draft.base) await step.unanswered(false);
      else await step.gone("purged");
      return undefined;
    case "stale":
    case "trashed":
    case "not-trashed":
    case "taken":
      return meetAgain(draft, step, hooks);
    case "resync":
      return { kind: "silent" };
  }
}

/** Reads what the server has and brings both together. */
async function meetAgain(draft: Draft, step: Steps, hooks: SaverHooks): Promise<Outcome | undefined> {
  try {
    await step.meet(await step.read());
    return undefined;
  } catch (error) {
    // Here "missing" is the end of it, whatever was tried: the id is taken and the note is not there.
    return failed(error, "patch", draft, step, hooks);
  }
}
