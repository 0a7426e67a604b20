import { everyWord, isMessage } from ".";

/** One of the API's own words (a role, an action) in the person's: the message `prefix.word`. A word of a later version stands for itself. */
export function apiWord(prefix: string, word: string): string {
  const key = `${prefix}.${word}`;
  return isMessage(key) ? everyWord(key) : word;
}
