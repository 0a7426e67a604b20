/**
 * Stands between the browser and the server and, when told, hands out the service worker of a newer build: what an upgrade of the
 * server looks like from the browser.
 */
import { once } from "node:events";
import { createServer, request } from "node:http";
import type { Server } from "./server";

export interface Upgrade {
  origin: string;
  /** From now on the build is another one. */
  release(): void;
  close(): Promise<void>;
}

export async function upgradable(server: Server): Promise<Upgrade> {
  let newer = false;
  const between = createServer((incoming, outgoing) => {
    const { hostname, port } = new URL(server.origin);
    const worker = incoming.url === "/sw.js";
    const headers = { ...incoming.headers };
    if (worker) {
      // All of it, as it is: an unchanged file would be answered without one.
      headers["accept-encoding"] = "identity";
      delete headers["if-none-match"];
    }
    const onward = request({ hostname, port, path: incoming.url, method: incoming.method, headers }, (answer) => {
      const altered = { ...answer.headers };
      if (worker) {
        delete altered["content-length"];
        delete altered.etag;
      }
      outgoing.writeHead(answer.statusCode ?? 502, altered);
      if (!worker) {
        answer.pipe(outgoing);
        return;
      }
      answer.pipe(outgoing, { end: false });
      answer.once("end", () => outgoing.end(newer ? "\n// newer\n" : ""));
    });
    onward.once("error", () => outgoing.destroy());
    incoming.pipe(onward);
  });
  between.listen(0, "127.0.0.1");
  await once(between, "listening");
  const address = between.address();
  if (address === null || typeof address === "string") throw new Error("the system gave no port");
  return {
    origin: `http://127.0.0.1:${address.port}`,
    release: () => {
      newer = true;
    },
    close: async () => {
      between.closeAllConnections();
      between.close();
      await once(between, "close");
    },
  };
}
