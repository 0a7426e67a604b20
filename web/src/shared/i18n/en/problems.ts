import type { Messages } from "../types";

/** What a failed request means to the person, and what to do: one sentence for each type of `docs/problems.md`. */
export const problems = {
  "problem.unreachable": "The server cannot be reached. Check the connection and try again.",
  "problem.malformed-request": "The server did not understand the request. Loading the page again may help.",
  "problem.authentication-required": "Your session has ended. Please sign in again.",
  "problem.forbidden": "Your account is not allowed to do this.",
  "problem.not-found": "It does not exist any more.",
  "problem.idempotency": "The same request is being worked on. Please try again in a moment.",
  "problem.stale": "It was changed elsewhere in the meantime.",
  "problem.too-large": "This is more than the server takes in one piece.",
  "problem.internal-error":
    "Something went wrong on the server. Please try again; if it stays like this, its log has the reason.",
  "problem.busy": "The server is busy. Nothing was changed; please try again.",
  "problem.storage-full":
    "The server’s disk is full. Nothing was written; it goes on by itself once its administrator has made room.",
  "problem.too-many-requests": "Too many attempts. Please wait a little before you try again.",
  "problem.other": "That did not work. Please try again.",
  "problem.wait": {
    one: "Try again in one second.",
    other: "Try again in {count} seconds.",
  },
  "problem.waitMinutes": {
    one: "Try again in a minute.",
    other: "Try again in {count} minutes.",
  },
} satisfies Messages;
