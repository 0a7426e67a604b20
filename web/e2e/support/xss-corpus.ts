/** The corpus of `tests/fixtures/xss.txt`, in the sizes that places have. */
import { readFileSync } from "node:fs";
import { URL } from "node:url";
import { payloadsOf } from "@/test/xss";

export const payloads = payloadsOf(readFileSync(new URL("../../../tests/fixtures/xss.txt", import.meta.url), "utf8"));

/** All of them in as few texts as possible, of at most so many characters each. What is longer by itself stays out. */
export function packed(most: number, texts: string[] = payloads.map(({ text }) => text)): string[] {
  const packs: string[] = [];
  for (const text of texts) {
    if ([...text].length > most) continue;
    const last = packs.at(-1);
    if (last !== undefined && [...last].length + [...text].length < most) packs[packs.length - 1] = `${last} ${text}`;
    else packs.push(text);
  }
  return packs;
}

/** Those that are a name: one line, without control characters, and nothing empty between slashes. */
export const names: string[] = payloads
  .map(({ text }) =>
    text
      .trim()
      .replaceAll(/\/+/g, "/")
      .replace(/^\/|\/$/g, ""),
  )
  .filter((text) => text !== "" && !/\p{Cc}/u.test(text) && !text.split("/").some((part) => !part.trim()));
