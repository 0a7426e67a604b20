/** Which of our databases there are in this browser: one for each person and store. */

export async function databases(): Promise<string[]> {
  // Missing in some browsers: then nothing is found, and nothing is lost.
  const all = (await indexedDB.databases?.()) ?? [];
  return all.map(({ name }) => name ?? "").filter((name) => name.startsWith("inkstone-"));
}

/** Those of the same person under other stores than `name`'s. */
export const otherStores = async (name: string, user: string): Promise<string[]> =>
  (await databases()).filter((other) => other !== name && other.endsWith(`-${user}`));
