/**
 * What jobs have made, out of their `result`.
 *
 * Its form belongs to the kind of the job and is no part of the API's schema; results of a version before may still lie in the store. So
 * whatever is missing counts as none.
 */
import type { Job } from "@/shared/api/client";

export interface ExportResult {
  notes: number;
  bytes: number;
}

/** A file that became no note, and why: `reason` is a word of the program's, `detail` a sentence of the server's. */
export interface Skipped {
  source: string;
  reason: string;
  detail: string | undefined;
}

/** Something about a file that did not fit and how it was made to, as a sentence of the server's. */
export interface Remark {
  source: string;
  detail: string;
}

export interface ImportResult {
  imported: number;
  unchanged: number;
  notebooks: number;
  skipped: Skipped[];
  /** How many more were skipped. */
  unnamed: number;
  remarks: Remark[];
}

const membersOf = (value: unknown): Record<string, unknown> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
const count = (value: unknown): number => (typeof value === "number" ? value : 0);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const list = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.map(membersOf) : []);

export function exportResult({ result }: Job): ExportResult {
  const { notes, bytes } = membersOf(result);
  return { notes: count(notes), bytes: count(bytes) };
}

export function importResult({ result }: Job): ImportResult {
  const { imported, unchanged, notebooks, skipped, unnamed, remarks } = membersOf(result);
  return {
    imported: count(imported),
    unchanged: count(unchanged),
    notebooks: count(notebooks),
    unnamed: count(unnamed),
    skipped: list(skipped).map(({ source, reason, detail }) => ({
      source: text(source),
      reason: text(reason),
      detail: text(detail) || undefined,
    })),
    remarks: list(remarks).map(({ source, detail }) => ({ source: text(source), detail: text(detail) })),
  };
}
