import { once } from "node:events";
import { createServer } from "node:net";

/** A port of the loopback that was free a moment ago, for what has to know its address before it starts. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  if (address === null || typeof address === "string") throw new Error("the system gave no port");
  const closed = once(probe, "close");
  probe.close();
  await closed;
  return address.port;
}
