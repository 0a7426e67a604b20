/** The tree that the list of notebooks stands for. */
import type { Notebook } from "@/shared/api/client";

export interface Branch {
  notebook: Notebook;
  children: Branch[];
  /** How many notebooks are around it. */
  depth: number;
}

/** Siblings in their order. One whose parent is not there (made elsewhere a moment ago) stands at the top instead of nowhere. */
export function treeOf(notebooks: readonly Notebook[]): Branch[] {
  const known = new Set(notebooks.map((one) => one.id));
  const byParent = new Map<string | null, Notebook[]>();
  for (const one of notebooks) {
    const parent = one.parent_id && known.has(one.parent_id) ? one.parent_id : null;
    byParent.set(parent, [...(byParent.get(parent) ?? []), one]);
  }
  const grow = (parent: string | null, depth: number): Branch[] =>
    (byParent.get(parent) ?? [])
      .toSorted((a, b) => a.position - b.position)
      .map((notebook) => ({ notebook, depth, children: grow(notebook.id, depth + 1) }));
  return grow(null, 0);
}

/** All branches from the top down, as they stand on the screen with everything unfolded. */
export function flatten(branches: readonly Branch[]): Branch[] {
  return branches.flatMap((branch) => [branch, ...flatten(branch.children)]);
}

/** The notebook and all inside it: where it cannot be moved to. */
export function withDescendants(branches: readonly Branch[], id: string): Set<string> {
  const branch = flatten(branches).find((one) => one.notebook.id === id);
  return new Set(branch ? flatten([branch]).map((one) => one.notebook.id) : [id]);
}

/** The siblings of a notebook, itself among them, in order. */
export const siblingsOf = (notebooks: readonly Notebook[], one: Notebook): Notebook[] =>
  notebooks.filter((other) => other.parent_id === one.parent_id).toSorted((a, b) => a.position - b.position);

/**
 * The list as it will be after the move: under `parent`, at `position` among the siblings there; absent: last. The server
 * counts the same way, so that what is shown before its answer is what it will say.
 */
export function moved(
  notebooks: readonly Notebook[],
  id: string,
  { parent_id, position = Number.POSITIVE_INFINITY }: { parent_id: string | null; position?: number },
): Notebook[] {
  const one = notebooks.find((other) => other.id === id);
  if (!one) return [...notebooks];
  const rest = notebooks.filter((other) => other.id !== id);
  const renumber = (siblings: Notebook[]) => siblings.map((other, at) => ({ ...other, position: at }));
  const there = rest.filter((other) => other.parent_id === parent_id).toSorted((a, b) => a.position - b.position);
  there.splice(Math.min(position, there.length), 0, { ...one, parent_id });
  const renumbered = new Map(renumber(there).map((other) => [other.id, other]));
  return notebooks.map((other) => renumbered.get(other.id) ?? other);
}

/** The position just above or below a notebook, for one that is moved there: counted without the one that moves. */
export function placeBeside(
  notebooks: readonly Notebook[],
  beside: Notebook,
  where: "before" | "after",
  moving: string,
): number {
  const others = siblingsOf(notebooks, beside).filter((one) => one.id !== moving);
  return others.findIndex((one) => one.id === beside.id) + (where === "after" ? 1 : 0);
}
