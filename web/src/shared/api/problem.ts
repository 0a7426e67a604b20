/**
 * Failures of the API as one error type.
 *
 * Owns the difference between an answer that says what is wrong (a problem, RFC 9457) and no answer at all.
 */
import type { components } from "./schema";

/** The server answered, and the answer is a problem. `type` is a slug of the published list (`docs/problems.md`). */
export class Problem extends Error {
  override readonly name = "Problem";
  readonly type: string;
  readonly status: number;
  /** The members of the request that are at fault, in the server's words. */
  readonly errors: { field: string; detail: string }[];
  /** Seconds to wait before the same request may succeed; from `Retry-After`. */
  readonly retryAfter: number | undefined;

  /** Everything that the answer said, for the members that some types have beside these. */
  readonly body: object | undefined;

  constructor(body: Partial<components["schemas"]["Problem"]> | undefined, response: Response) {
    super(body?.detail ?? response.statusText);
    this.body = body;
    this.type = body?.type ?? "unknown";
    this.status = response.status;
    this.errors = body?.errors ?? [];
    const wait = Number(response.headers.get("Retry-After"));
    this.retryAfter = Number.isFinite(wait) && wait > 0 ? wait : undefined;
  }

  /** What is wrong with that member of the request. */
  about(field: string): string | undefined {
    return this.errors.find((error) => error.field === field)?.detail;
  }
}

/** No answer: offline, the server is away, or the connection broke. Nothing is known about what it did. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** Whether the error is a problem of one of these types. */
export function isProblem(error: unknown, ...types: string[]): error is Problem {
  return error instanceof Problem && (types.length === 0 || types.includes(error.type));
}
