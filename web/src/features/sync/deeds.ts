/**
 * What a person decides about a note: to the trash and back, for ever, and how a conflict ends.
 *
 * Each writes its decision to the device first, as one step, and leaves the rest to the outbox; only purging needs the
 * server. Whatever was typed is written before, so that no decision is taken over the head of the last keys.
 */
import type { Desk } from "./desk";
import type { Disk, Writes } from "./disk/disk";
import type { Effects } from "./effects";
import { failureOf } from "./failure";
import { contentOf, type Draft, type Stored, serverOf } from "./model";
import { type Draw, freshDraft, settled } from "./reconcile";
import type { WorkingCopy } from "./working-copy";

export interface Room {
  desk: Desk;
  disk: Disk;
  effects: Effects;
  /** One saver at a time. */
  alone<T>(id: string, task: () => Promise<T>): Promise<T>;
  /** Something was decided: save it now, tell the others. */
  decided(id: string, stored: Stored): void;
}

async function decide(
  room: Room,
  id: string,
  rule: (draft: Draft, stored: Stored, draw: Draw) => Writes | undefined,
): Promise<{ copy: WorkingCopy; draw: Draw }> {
  const copy = await room.desk.ready(id);
  await room.desk.settle(copy, "other-tab");
  const draw = room.desk.draw();
  const stored = await room.disk.change(id, (stored) => {
    const base = serverOf(stored);
    const draft = stored.draft ?? (base && freshDraft(id, base, contentOf(base), draw));
    return draft ? rule({ ...draft, rev: draw.rev }, stored, draw) : undefined;
  });
  await room.desk.settle(copy, "resolved");
  room.decided(id, stored);
  return { copy, draw };
}

/** The trash holds the latest text: what is unsent goes first. */
export async function trash(room: Room, id: string): Promise<void> {
  await decide(room, id, (draft) => {
    if (draft.gone) return;
    const isThere = draft.base?.state === "trashed" && draft.wish !== "restore";
    return isThere ? undefined : { draft: { ...draft, wish: "trash" } };
  });
}

export async function restore(room: Room, id: string): Promise<void> {
  await decide(room, id, (draft, { kept }) => {
    // The server may have heard of the first wish already, so it has to hear of the second.
    if (draft.wish === "trash") return settled({ ...draft, wish: draft.base ? "restore" : null });
    const trashed = draft.gone === "trashed" || (kept?.note ?? draft.base)?.state === "trashed";
    return trashed ? { draft: { ...draft, wish: "restore", gone: null } } : undefined;
  });
}

export async function purge(room: Room, id: string): Promise<void> {
  const copy = await room.desk.ready(id);
  await room.desk.settle(copy, "other-tab");
  await room.alone(id, async () => {
    const stored = await room.disk.read(id);
    const server = stored.kept?.note ?? serverOf(stored);
    if (server) await purgeThere(room.effects, id, server.version);
  });
  const stored = await room.disk.change(id, () => ({ draft: null, kept: null }));
  await room.desk.settle(copy, "resolved");
  copy.lose();
  room.desk.tell(copy);
  room.decided(id, stored);
  room.effects.onChanged("note", [id]);
}

async function purgeThere({ api }: Effects, id: string, version: string): Promise<void> {
  try {
    await api.purge(id, version);
  } catch (error) {
    const { kind } = failureOf(error);
    if (kind === "missing") return;
    if (kind !== "stale") throw error;
    const { note } = await api.read(id);
    // Taken out of the trash elsewhere: what the person wanted gone was another state of it.
    if (note.state !== "trashed") throw error;
    await api.purge(id, note.version);
  }
}

export async function resolve(room: Room, id: string, choice: "mine" | "theirs" | "both"): Promise<string | undefined> {
  let copied = false;
  const { draw } = await decide(room, id, (draft, _stored, draw) => {
    if (!draft.conflict) return;
    const { theirs } = draft.conflict;
    if (choice === "mine") return settled({ ...draft, conflict: null });
    const left = settled({ ...draft, conflict: null, local: theirs });
    if (choice === "theirs") return left;
    copied = true;
    const mine = { ...draft.local, title: draw.copyTitle(draft.local) };
    return { ...left, more: [freshDraft(draw.copyId, null, mine, draw)] };
  });
  return copied ? announce(room, draw.copyId) : undefined;
}

export async function keepAsNew(room: Room, id: string): Promise<string> {
  let copied = false;
  const { draw } = await decide(room, id, (draft, { kept }, draw) => {
    copied = true;
    return {
      draft: null,
      ...(draft.gone === "purged" || !kept ? { kept: null } : {}),
      // With an open conflict between two tabs, the other text goes along.
      more: [{ ...freshDraft(draw.copyId, null, draft.local, draw), conflict: draft.conflict }],
    };
  });
  if (!copied) throw new Error("there is nothing to keep");
  return announce(room, draw.copyId);
}

export async function discard(room: Room, id: string): Promise<void> {
  await decide(room, id, (draft) => ({ draft: null, ...(draft.gone === "purged" ? { kept: null } : {}) }));
}

async function announce(room: Room, id: string): Promise<string> {
  room.decided(id, await room.disk.read(id));
  return id;
}
