/**
 * Everything that saving does to the world beyond the database: time, chance, the server, other tabs, the page.
 *
 * Handed in, so that tests run on a clock of their own and never sleep. `browser.ts` has the real ones.
 */
import type { Note, NotePatch } from "@/shared/api/client";
import type { components } from "@/shared/api/schema";
import type { Content } from "./types";

export type Changes = components["schemas"]["Changes"];

/** A note with the change number that its answer told. */
export interface Answer {
  note: Note;
  seq: number | undefined;
}

/** The requests of saving. Each throws `Problem` or `Unreachable`. */
export interface Api {
  read(id: string): Promise<Answer>;
  create(id: string, content: Content): Promise<Answer>;
  patch(id: string, version: string, patch: NotePatch): Promise<Answer>;
  trash(id: string, version: string): Promise<void>;
  purge(id: string, version: string): Promise<void>;
  restore(id: string): Promise<Answer>;
  /** `undefined`: where the log is now. */
  changes(since: { seq: number; store: string } | undefined): Promise<Changes>;
  /** Notes with their bodies, latest change first. */
  page(cursor: string | undefined, limit: number): Promise<{ notes: Note[]; next: string | undefined }>;
  /** The id of the signed-in person. */
  whoami(): Promise<string>;
}

/** What tabs tell each other. */
export type Word =
  /** Something under this id was written. */
  | { kind: "wrote"; id: string }
  /** This tab may be gone; what it rescued may want taking in. */
  | { kind: "left" }
  | { kind: "signed-out" }
  | { kind: "signed-in" };

export interface Effects {
  /** Milliseconds since 1970, by this device. */
  now(): number;
  /** When this page began, by the same clock: nothing that it shows was asked for earlier. */
  began: number;
  /** `now` by the server's clock, as far as it is known: ids of notes tell when they were made, and must not lie in its future. */
  serverNow(): number;
  /** At least 0, below 1. */
  random(): number;
  /** Calls once after that many milliseconds; the answer takes it back. */
  after(ms: number, run: () => void): () => void;
  /** Calls once when there is nothing better to do. */
  idle(run: () => void): void;
  api: Api;
  /** One holder at a time of a name, in all tabs. */
  lock<T>(name: string, task: () => Promise<T>): Promise<T>;
  channel: { post(word: Word): void; listen(listener: (word: Word) => void): void; close(): void };
  page: {
    visible(): boolean;
    /** `show`: it is looked at again. `hide`: it may be gone after this. `online`: the system says that there is a network. */
    listen(event: "show" | "hide" | "online", listener: () => void): void;
    close(): void;
  };
  /** Who signed in last in this browser: tabs share it, as they share the cookies. */
  whose: { get(): string | undefined; set(user: string): void };
  /** Asks the browser not to throw our data away. */
  persist(): void;
  /** The title of a copy that keeps one side of a conflict. */
  copyTitle(content: Content): string;
  /** Something on the server changed: answers that the app holds of that kind are outdated. */
  onChanged(kind: "note" | "tag" | "notebook" | "saved-search", ids: string[]): void;
}
