/**
 * How saving stands, for one note and for all of them.
 *
 * Owns putting it into one of the contract's words. It looks only at what the other rooms know; nothing here changes anything.
 */
import type { Problem } from "@/shared/api/problem";
import type { Desk } from "./desk";
import type { Disk } from "./disk/disk";
import type { Line } from "./line";
import type { Stored } from "./model";
import type { Outbox } from "./outbox";
import { Signal } from "./signal";
import type { Saving, SyncState } from "./types";
import type { WorkingCopy } from "./working-copy";

const saved: Saving = { kind: "saved" };
const device: Saving = { kind: "device" };

export class Standing {
  readonly changed = new Signal();
  /** Notes with something unacknowledged; whether it waits for the person. */
  private readonly unsent = new Map<string, boolean>();
  private readonly refusals = new Map<string, { problem: Problem; rev: string }>();
  private snapshot: SyncState | undefined;

  constructor(
    private readonly disk: Disk,
    private readonly line: Line,
    private readonly outbox: Outbox,
    private readonly desk: Desk,
  ) {}

  ids(): string[] {
    return [...this.unsent.keys()];
  }

  has(id: string): boolean {
    return this.unsent.has(id);
  }

  /** What is stored under that id now. */
  note(id: string, { draft }: Stored): void {
    const refused = this.refusals.get(id);
    if (refused && refused.rev !== draft?.rev) this.refusals.delete(id);
    const waits = draft !== undefined && (draft.conflict !== null || draft.gone !== null || this.refusals.has(id));
    const before = this.unsent.get(id);
    if (draft) this.unsent.set(id, waits);
    else if (!this.desk.get(id)?.dirty) this.unsent.delete(id);
    if (before !== this.unsent.get(id)) this.tell();
  }

  /** Something was typed that is not written yet. */
  dirty(id: string): void {
    if (this.unsent.has(id)) return;
    this.unsent.set(id, false);
    this.tell();
  }

  refuse(id: string, refusal: { problem: Problem; rev: string }): void {
    this.refusals.set(id, refusal);
  }

  saving(copy: WorkingCopy): Saving {
    const { draft } = copy;
    if (!draft && !copy.dirty) return saved;
    const reason = this.disk.unkept(copy.id);
    if (reason !== undefined) return { kind: "unkept", reason };
    if (draft?.conflict) {
      // The server's side as it was, or the other tab's.
      return { kind: "conflict", base: draft.conflict.base, mine: copy.content, theirs: draft.conflict.theirs };
    }
    // After the conflict, if both: its two texts are told apart before either is dropped or kept.
    if (draft?.gone) return { kind: "gone", how: draft.gone };
    const refused = this.refusals.get(copy.id);
    if (refused && !copy.dirty) return { kind: "refused", problem: refused.problem };
    const { state } = this.line;
    if (state.kind === "signed-out") return { kind: "signed-out" };
    const retry = this.outbox.retry(copy.id);
    if (state.kind === "offline") return { kind: "offline", at: state.at };
    if (!retry) return device;
    return retry.problem
      ? { kind: "retrying", at: retry.at, problem: retry.problem }
      : { kind: "offline", at: retry.at };
  }

  get(): SyncState {
    this.snapshot ??= {
      reachable: this.line.open,
      signedOut: this.line.state.kind === "signed-out",
      pending: this.unsent.size,
      attention: [...this.unsent].filter(([, waits]) => waits).map(([id]) => id),
      retryAt: this.line.state.kind === "offline" ? this.line.state.at : null,
      unkept:
        this.ids()
          .map((id) => this.disk.unkept(id))
          .find((reason) => reason !== undefined) ?? null,
      outdated: this.disk.outdated,
    };
    return this.snapshot;
  }

  tell(): void {
    this.snapshot = undefined;
    this.changed.tell();
  }
}
