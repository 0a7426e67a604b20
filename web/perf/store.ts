/** Notes to measure with: invented words, the same in every run, brought in by `inkstone import`, the quickest way in. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Account } from "../e2e/support/account";
import type { Server } from "../e2e/support/server";

const words = (
  "kettle orchard granite thistle lantern signal meadow marble copper harbour compass willow ledger ferry saddle " +
  "winter garden letter bridge window river paper candle stone bread music island forest engine mirror"
).split(" ");

/** A small generator with a seed, so that every run measures the same text. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state % sides;
  };
}

/** A note of about 160 words; its second line is found nowhere else. */
export function madeUp(index: number): string {
  const roll = dice(index + 1);
  const word = (): string => words[roll(words.length)] ?? "stone";
  const paragraph = (): string => `${Array.from({ length: 40 }, word).join(" ")}.`;
  return [`# ${word()} and ${word()} ${index}`, marker(index), ...Array.from({ length: 4 }, paragraph)].join("\n\n");
}

/** What stands in that note alone. */
export const marker = (index: number): string => `Marker ${index} stands here.`;

export async function seed(server: Server, account: Account, count: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "inkstone-perf-"));
  for (let index = 0; index < count; index += 1) {
    const tags = [words[index % 12], words[12 + (index % 5)]].join(", ");
    const changed = new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString();
    await writeFile(join(folder, `${index}.md`), `---\ntags: [${tags}]\nupdated: ${changed}\n---\n${madeUp(index)}\n`);
  }
  await server.command(["import", folder, "--user", account.email]);
  await rm(folder, { recursive: true, force: true });
}
