/**
 * What the search answers beyond the generated types (`shared/api/schema.d.ts`). To be deleted when they have it: each name
 * here is one of theirs then.
 *
 * Everything is optional: a server that does not say it is searched all the same.
 */

/** How the server reads a query. Places count Unicode code points of it. */
export interface QueryReading {
  /** What is taken literally, and why, in a sentence. */
  problems: { start: number; end: number; detail: string }[];
}

export interface AnswerMore {
  query?: QueryReading;
  /** A query that would find something, where this one does not. */
  did_you_mean?: string | null;
}

/** Of a highlight: how many code points of the body (or the title) stand before the fragment. */
export interface HighlightMore {
  offset?: number;
}

export interface Suggestion {
  kind: "title" | "tag" | "notebook" | "word";
  text: string;
  /** Of a title. */
  note_id?: string | null;
  count?: number | null;
}
