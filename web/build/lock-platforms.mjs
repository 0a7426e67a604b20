// Completes `package-lock.json` by the packages for other systems that npm left out.
//
// Tools such as Biome and Rollup are a package for each system, all of them optional, and `npm ci` refuses a lock in which one of
// them is missing. npm leaves out what its registry does not have, so a lock that was written behind a mirror that keeps only what
// is used there installs nowhere. What is added here has the exact version that its parent names and no checksum: npm
// fetches it only on that system. `npm run lock` does both steps.
import { readFile, writeFile } from "node:fs/promises";

const path = "package-lock.json";
const lock = JSON.parse(await readFile(path, "utf8"));
const packages = lock.packages;

const systems = ["android", "darwin", "freebsd", "netbsd", "openbsd", "openharmony", "linux", "sunos", "win32"];
const processors = ["arm64", "x64", "ia32", "arm", "loong64", "ppc64", "riscv64", "s390x", "wasm32"];

/** Which machines it is for, from its name. */
function platform(name) {
  const words = name.split(/[-/]/);
  const libc = words.some((word) => word.startsWith("musl"))
    ? "musl"
    : words.some((word) => word.startsWith("gnu")) && "glibc";
  return {
    cpu: processors.filter((one) => words.includes(one)),
    libc: words.includes("linux") && libc ? [libc] : [],
    os: systems.filter((one) => words.includes(one)),
  };
}

let added = 0;
for (const [place, parent] of Object.entries(packages)) {
  for (const [name, range] of Object.entries(parent.optionalDependencies ?? {})) {
    if (packages[`node_modules/${name}`] || packages[`${place}/node_modules/${name}`]) continue;
    const { cpu, libc, os } = platform(name);
    if (cpu.length === 0 && os.length === 0) throw new Error(`${name}: its name does not say what it is for`);
    packages[`node_modules/${name}`] = {
      version: range.replace(/^[~^]/, ""),
      ...(cpu.length > 0 ? { cpu } : {}),
      ...(parent.dev ? { dev: true } : {}),
      ...(libc.length > 0 ? { libc } : {}),
      ...(parent.license ? { license: parent.license } : {}),
      optional: true,
      ...(os.length > 0 ? { os } : {}),
    };
    added += 1;
  }
}
const order = (a, b) => (a === b ? 0 : a < b ? -1 : 1);
lock.packages = Object.fromEntries(Object.entries(packages).toSorted(([a], [b]) => order(a, b)));
await writeFile(path, `${JSON.stringify(lock, undefined, 2)}\n`);
console.log(`${path}: added ${added} packages for other systems`);
