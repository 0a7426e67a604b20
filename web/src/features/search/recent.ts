/** What was searched for last on this device, for each account on its own. */
const MOST = 8;
const keyOf = (user: string): string => `inkstone.searches.${user}`;

export function readRecent(user: string): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(keyOf(user)) ?? "[]");
    return Array.isArray(kept) ? kept.filter((q) => typeof q === "string").slice(0, MOST) : [];
  } catch {
    return [];
  }
}

function write(user: string, searches: string[]): void {
  try {
    localStorage.setItem(keyOf(user), JSON.stringify(searches));
  } catch {
    // A browser that keeps nothing remembers no searches.
  }
}

const same = (a: string, b: string): boolean => a.toLocaleLowerCase() === b.toLocaleLowerCase();

/** The last search first; one that is repeated moves up. */
export function remember(user: string, q: string): void {
  const trimmed = q.trim();
  if (!trimmed) return;
  write(user, [trimmed, ...readRecent(user).filter((other) => !same(other, trimmed))].slice(0, MOST));
}

export function forget(user: string, q: string): string[] {
  const left = readRecent(user).filter((other) => other !== q);
  write(user, left);
  return left;
}
