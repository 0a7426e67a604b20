import { expect, it } from "vitest";
import type { Saving } from "@/features/sync/types";
import { Problem } from "@/shared/api/problem";
import { refusal, savingAnnouncement, savingWords } from "./saving";
import { content } from "./testing/fake-sync";

const problem = (type: string, status: number, errors: { field: string; detail: string }[] = []) =>
  new Problem({ type, errors } as never, new Response(null, { status }));
const limits = { note_body_bytes: 1024, note_title_chars: 500, note_tags: 100 };

const words: [Saving, string][] = [
  [{ kind: "saved" }, "Saved"],
  [{ kind: "device" }, "Saved on this device"],
  [{ kind: "offline", at: 0 }, "Offline, edits are kept on this device"],
  [{ kind: "retrying", at: 8_000, problem: problem("busy", 503) }, "Could not save; trying again in 8 s"],
  [{ kind: "refused", problem: problem("too-large", 413) }, "Not saved"],
  [{ kind: "signed-out" }, "Sign in again to save"],
  [{ kind: "conflict", base: content(), mine: content(), theirs: content() }, "Changed elsewhere"],
  [{ kind: "gone", how: "trashed" }, "Deleted elsewhere"],
  [{ kind: "unkept", reason: "private window" }, "Not saved yet"],
];

it.each(words)("says how saving stands: %o", (saving, said) => {
  expect(savingWords(saving, 0)).toBe(said);
});

it("never promises to try again in no time, and reads no seconds out", () => {
  const saving: Saving = { kind: "retrying", at: 1_000, problem: problem("busy", 503) };
  expect(savingWords(saving, 5_000)).toBe("Could not save; trying again in 1 s");
  expect(savingAnnouncement(saving)).toBe("Could not save; trying again soon");
});

it("tells by how much a text is too long, and what to do", () => {
  const said = refusal(problem("too-large", 413), limits, () => "ä".repeat(1025));
  expect(said).toBe(
    "the text is 2 KiB too long (the server takes 1 KiB). Shorten it, or move a part into another note.",
  );
});

it("names what else the server will not take", () => {
  const about = (field: string) => problem("invalid-request", 422, [{ field, detail: "no" }]);
  expect(refusal(about("title"), limits, () => "")).toMatch(/title is too long.*500/);
  expect(refusal(about("tags[3]"), limits, () => "")).toMatch(/tags/);
  expect(refusal(about("notebook_id"), limits, () => "")).toMatch(/notebook does not exist/);
  expect(refusal(problem("forbidden", 403), limits, () => "")).toBe("Your account is not allowed to do this.");
});
