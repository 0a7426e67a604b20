/**
 * A certificate for 127.0.0.1 and localhost, made when it is needed and gone with the test's folder: a key in the repository
 * would be found by everybody who looks for keys.
 */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

export interface Certificate {
  cert: string;
  key: string;
}

/** Writes `cert.pem` and `key.pem` into that folder. */
export async function makeCertificate(folder: string): Promise<Certificate> {
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  await promisify(execFile)("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"],
    ...["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"],
    ...["-keyout", key, "-out", cert],
  ]);
  return { cert, key };
}
