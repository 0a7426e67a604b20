/** Reads `tests/fixtures/xss.txt`, which says how it is written; the server's tests read the same file. */

export interface Payload {
  /** What it hands to `xss`, and what it asks of xss.test. */
  number: number;
  text: string;
}

export const payloadsOf = (file: string): Payload[] =>
  file
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("=== "))
    .map((line, number) => ({
      number,
      text: line
        .replaceAll(/\\u\{([0-9a-f]+)\}/g, (_, code) => String.fromCodePoint(Number.parseInt(code, 16)))
        .replaceAll("§", String(number)),
    }));
