/**
 * Sending a file: streamed from the disk by the browser, with word of how much has gone.
 *
 * `fetch` cannot tell how much of a body was sent, so this is an XMLHttpRequest behind the same rules as `client.ts`: same origin,
 * the session renewed once on 401, failures as `Problem` or `Unreachable`.
 */
import { apiUrl } from "./base";
import { answered } from "./client";
import { Unreachable } from "./problem";
import { renewed } from "./refresh";
import type { paths } from "./schema";

/** The operations whose body is a file. */
type Taking = {
  [P in keyof paths]: paths[P] extends { post: { requestBody: { content: { "application/octet-stream": unknown } } } }
    ? P
    : never;
}[keyof paths];

type Accepted<P extends Taking> = paths[P]["post"]["responses"][202]["content"]["application/json"];

export interface UploadOptions {
  /** Stops it; the promise rejects with an `AbortError`, as that of `fetch`. */
  signal: AbortSignal;
  /** Hears how many bytes have gone, several times a second. */
  onSent: (bytes: number) => void;
}

export async function upload<P extends Taking>(path: P, file: Blob, options: UploadOptions): Promise<Accepted<P>> {
  const sentAt = performance.now();
  let response = await once(path, file, options);
  if (response.status === 401 && (await renewed(sentAt))) response = await once(path, file, options);
  const { data } = await answered(response);
  if (!data) throw new Unreachable("the answer is empty");
  return data as Accepted<P>;
}

function once(path: string, file: Blob, { signal, onSent }: UploadOptions): Promise<Response> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    request.open("POST", `${apiUrl}${path}`);
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", ({ loaded }) => onSent(loaded));
    request.addEventListener("load", () => resolve(responseOf(request)));
    request.addEventListener("error", () => reject(new Unreachable("the connection broke")));
    const stop = () => {
      request.abort();
      reject(signal.reason);
    };
    signal.addEventListener("abort", stop, { once: true });
    request.send(file);
  });
}

function responseOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const line of request.getAllResponseHeaders().split("\r\n")) {
    const [name, ...value] = line.split(": ");
    if (name) headers.append(name, value.join(": "));
  }
  return new Response(request.responseText, { status: request.status, statusText: request.statusText, headers });
}
