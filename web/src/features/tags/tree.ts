/** Tags nest by `/`: `work/projects` stands under `work`, whether or not any note carries `work` alone. */
import type { Tag } from "@/shared/api/client";

export interface TagLine {
  /** The whole name. */
  name: string;
  /** What is left of the name beside the line above it. */
  label: string;
  depth: number;
  /** Absent where only longer names are tags. */
  tag: Tag | undefined;
}

/** Deeper than this a line only says more of its name: the sidebar is narrow. */
const DEEPEST = 4;

/** The lines of the tree from the top down, by name. */
export function tagLines(tags: readonly Tag[], locale?: string): TagLine[] {
  const byName = new Map(tags.map((tag) => [tag.name, tag]));
  const names = new Set<string>();
  for (const { name } of tags) {
    names.add(name);
    const parts = name.split("/");
    // A name on the way that is no tag gets a line only where it holds several together.
    for (let end = 1; end < parts.length; end++) names.add(parts.slice(0, end).join("/"));
  }
  const children = new Map<string, string[]>();
  for (const name of names) {
    const parent = name.includes("/") ? name.slice(0, name.lastIndexOf("/")) : "";
    children.set(parent, [...(children.get(parent) ?? []), name]);
  }
  const order = new Intl.Collator(locale, { numeric: true, sensitivity: "base" });
  const lines: TagLine[] = [];
  const walk = (parent: string, depth: number, above: string) => {
    for (const name of (children.get(parent) ?? []).sort(order.compare)) {
      const below = children.get(name) ?? [];
      const tag = byName.get(name);
      if (!tag && below.length === 1) {
        walk(name, depth, above);
        continue;
      }
      lines.push({ name, label: name.slice(above.length), depth: Math.min(depth, DEEPEST), tag });
      walk(name, depth + 1, `${name}/`);
    }
  };
  walk("", 0, "");
  return lines;
}
