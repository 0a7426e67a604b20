/** Where a notebook stands: what is around it. */
import type { Notebook } from "@/shared/api/client";

/** The notebook and those around it, outermost first. */
export function pathOf(notebooks: readonly Notebook[], id: string): Notebook[] {
  const byId = new Map(notebooks.map((one) => [one.id, one]));
  const path: Notebook[] = [];
  for (let one = byId.get(id); one && !path.includes(one); one = one.parent_id ? byId.get(one.parent_id) : undefined) {
    path.unshift(one);
  }
  return path;
}

/** "Work / Projects": the name with all that is around it. */
export const pathName = (notebooks: readonly Notebook[], id: string): string =>
  pathOf(notebooks, id)
    .map((one) => one.name)
    .join(" / ");
