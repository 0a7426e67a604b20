// Serves the built page with the policy that the product has: no inline style or script without the nonce, and only two
// Trusted Types policies. What the editor does against it fails here.

import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";

const types = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css" };

export async function serve(folder) {
  const server = createServer(async (request, response) => {
    const nonce = "dGVzdA";
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    const name = path === "/" ? "/index.html" : path;
    try {
      let body = await readFile(join(folder, name));
      if (name === "/index.html") body = String(body).replaceAll("__NONCE__", nonce);
      response.writeHead(200, {
        "content-type": types[extname(name)] ?? "application/octet-stream",
        "content-security-policy": [
          "default-src 'none'",
          `script-src 'self' 'nonce-${nonce}'`,
          `style-src 'self' 'nonce-${nonce}'`,
          "img-src 'self' data:",
          "connect-src 'self'",
          "require-trusted-types-for 'script'",
          "trusted-types inkstone dompurify",
        ].join("; "),
      });
      response.end(body);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return { address: `http://127.0.0.1:${server.address().port}/`, stop: () => server.close() };
}
