/**
 * Fills a server with the demo notes for one person. They come in by an import, which is the only way in that keeps
 * times, so that the list shows "3 hours ago" and "last month" instead of "now" on every line.
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Account } from "../support/account";
import type { Server } from "../support/server";
import { demoNotes } from "./notes";

const HOUR_MS = 3_600_000;

export async function seedDemo(server: Server): Promise<Account> {
  const account = await server.account({ name: "Ines Albrecht", admin: true });
  // So that what people see of single sign-on is among the scenes; nobody goes there. A second person finds it there.
  if ((await account.providers()).length === 0)
    await account.provider({
      name: "Albrecht family",
      slug: "family",
      preset: "authentik",
      issuer: "https://id.example.org/application/o/inkstone/",
      client_id: "inkstone",
      client_secret: "of the demo",
      scopes: ["openid", "email", "profile"],
      enabled: true,
      sign_up: false,
      trusts_second_factor: false,
      logout: true,
      groups_claim: "groups",
      group_roles: [{ group: "Notes administrators", role: "admin" }],
      default_role: "member",
    });
  const folder = await mkdtemp(join(tmpdir(), "inkstone-demo-"));
  for (const note of demoNotes) {
    const place = join(folder, note.notebook ?? "");
    await mkdir(place, { recursive: true });
    const changed = new Date(Date.now() - note.hoursAgo * HOUR_MS).toISOString();
    const about = [
      `tags: [${note.tags.join(", ")}]`,
      `created: ${changed}`,
      `updated: ${changed}`,
      ...(note.pinned ? ["pinned: true"] : []),
    ];
    const file = join(place, `${note.title.replaceAll(/[/:?]/g, " ")}.md`);
    await writeFile(file, `---\n${about.join("\n")}\n---\n${note.body}`);
  }
  await server.command(["import", folder, "--user", account.email]);
  await rm(folder, { recursive: true, force: true });
  const known = await account.notes();
  for (const note of demoNotes) {
    const there = known.find((one) => one.body === note.body);
    if (!there) throw new Error(`the import left out “${note.title}”`);
    if (note.archived) await account.patch(there.id, { state: "archived" });
    if (note.trashed) await account.trash(there.id);
  }
  return account;
}
