/** A short name for a set of assets: FNV-1a over their addresses, which are hashes of what is in them. */
export function versionOf(manifest: readonly (string | { url: string; revision: string | null })[]): string {
  let hash = 0x811c9dc5;
  for (const char of JSON.stringify(manifest)) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}
