// Writes NAME.br and NAME.gz beside every compressible file of a folder, at the highest levels: it is done once, and read by
// everybody. Files that do not shrink get none.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const folder = process.argv[2];
if (!folder) throw new Error("usage: compress.mjs FOLDER");

const compressible = /\.(js|css|svg|json|webmanifest|txt|map)$/;
const brotli = (bytes) =>
  promisify(brotliCompress)(bytes, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
const gz = (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION });

const files = await readdir(folder, { recursive: true, withFileTypes: true });
let count = 0;
for (const file of files) {
  if (!file.isFile() || !compressible.test(file.name)) continue;
  const path = join(file.parentPath, file.name);
  const bytes = await readFile(path);
  for (const [ending, pack] of [
    [".br", brotli],
    [".gz", gz],
  ]) {
    const packed = await pack(bytes);
    if (packed.length < bytes.length) await writeFile(path + ending, packed);
  }
  count += 1;
}
console.log(`compressed ${count} files in ${folder}`);
