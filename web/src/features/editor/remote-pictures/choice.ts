/**
 * In which notes this device shows pictures of other servers: in none, until somebody says so for one.
 *
 * The editor knows nothing of notes; what is open is named by the page's address. Where nothing can be kept, the choice holds until the
 * page is left.
 */
const KEY = "inkstone.remote-images";

/** So many are remembered; the oldest choice is forgotten first, and the pictures are off again. */
const MOST = 1000;

const listeners = new Set<() => void>();
let unkept: string[] | undefined;

const name = () => location.pathname;

function chosen(): string[] {
  if (unkept) return unkept;
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  } catch {
    return [];
  }
}

export const areShown = (): boolean => chosen().includes(name());

export function choose(shown: boolean): void {
  const others = chosen().filter((one) => one !== name());
  const now = (shown ? [name(), ...others] : others).slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(now));
    unkept = undefined;
  } catch {
    unkept = now;
  }
  for (const listen of listeners) listen();
}

/** Also when another tab has chosen. Gives the way to stop. */
export function onChoice(listen: () => void): () => void {
  const elsewhere = (event: StorageEvent) => event.key === KEY && listen();
  listeners.add(listen);
  addEventListener("storage", elsewhere);
  return () => {
    listeners.delete(listen);
    removeEventListener("storage", elsewhere);
  };
}
