/**
 * Drafts in databases that are not this session's.
 *
 * A server that was restored from a backup is another store, with a database of its own here; what a person had not sent to
 * the old one is taken over, or it would lie there for ever. That is rare, so this is a chunk of its own. Another person's drafts are counted and never read.
 *
 * What a reader would get wrong: the base of such a draft is no base for merging. The restored server has an older text, and
 * a merge would take that for the wish to delete what came after. So they come as notes without a base: made anew where the
 * server has none, shown beside its text where it has one.
 */
import { deleteDB, openDB } from "idb";
import { Shelf } from "./disk/shelf";
import { blank, type Draft, NEVER, type Rescue, sameContent } from "./model";
import { databases, otherStores } from "./stores";

async function draftsIn<T>(
  name: string,
  read: (db: Awaited<ReturnType<typeof openDB>>) => Promise<T>,
): Promise<T | undefined> {
  const db = await openDB(name);
  try {
    return db.objectStoreNames.contains("drafts") ? await read(db) : undefined;
  } finally {
    db.close();
  }
}

/** What this person left unsent under other stores, as batches to be merged; `taken` forgets them there. */
export async function heritageOf(name: string, user: string): Promise<{ rescues: Rescue[]; taken(): Promise<void> }> {
  const theirs = await otherStores(name, user);
  const rescues: Rescue[] = [];
  for (const other of theirs) {
    const drafts = ((await draftsIn(other, (db) => db.getAll("drafts"))) ?? []) as Draft[];
    const known = { token: NEVER, content: blank, server: null };
    // The last keys of a tab that was left, as a rule on top of the draft that lies there.
    const last = new Shelf(other).all();
    const grown = (draft: Draft) =>
      last.find(({ id, known }) => id === draft.id && sameContent(known.content, draft.local));
    for (const rescue of last) {
      if (!drafts.some((draft) => grown(draft) === rescue)) rescues.push({ ...rescue, tab: other, mark: 0, known });
    }
    for (const draft of drafts) {
      const { id, conflict } = draft;
      rescues.push({ tab: other, id, mark: 0, known, mine: grown(draft)?.mine ?? draft.local, writing: undefined });
      // The other side of an open conflict that never reached the server goes the same way, and meets the first.
      if (conflict) rescues.push({ tab: other, id, mark: 0, known, mine: conflict.theirs, writing: undefined });
    }
  }
  return {
    rescues,
    taken: async () => {
      for (const other of theirs) {
        await deleteDB(other);
        new Shelf(other).clear();
      }
    },
  };
}

/** How many notes other people have left unsent in this browser. */
export async function unsentOfOthers(user: string): Promise<number> {
  let count = 0;
  for (const name of await databases()) {
    if (!name.endsWith(`-${user}`)) count += (await draftsIn(name, (db) => db.count("drafts"))) ?? 0;
  }
  return count;
}
