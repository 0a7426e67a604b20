/** What an authenticator app does: codes of six digits from a secret (RFC 6238). */
import { createHmac } from "node:crypto";

const STEP_MS = 30_000;

/** Base 32 as the server writes secrets. */
function bytesOf(secret: string): Buffer {
  let bits = "";
  for (const letter of secret.replaceAll(/[\s=]/g, "").toUpperCase()) {
    bits += "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0");
  }
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/**
 * The code of now, or of so many steps later. A code is good once, and for its own step and the one on each side: who wants three
 * within a moment takes -1, 0 and 1, in this order.
 */
export function totp(secret: string, later: -1 | 0 | 1 = 0): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + later));
  const digest = createHmac("sha1", bytesOf(secret)).update(counter).digest();
  const at = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}
