// Draws the PNGs of the installed app from public/icon.svg, with the Chromium that the browser tests use (CHROMIUM names
// another one). They are committed: drawing wants a browser, building does not.
import { readFile, writeFile } from "node:fs/promises";
import { chromium } from "playwright-core";

const svg = await readFile("public/icon.svg", "utf8");
const ground = /<rect [^>]*fill="(#[0-9a-f]+)"/.exec(svg)?.[1];
if (!ground) throw new Error("icon.svg has no coloured ground");

/** `inset`: the part of the width that stays free on each side; with it the ground fills the square, for masks of any shape. */
const icons = [
  { file: "icon-192.png", size: 192 },
  { file: "icon-512.png", size: 512 },
  // Masks may cut to a circle of 80 % of the width.
  { file: "icon-maskable.png", size: 512, inset: 0.12 },
  // iOS rounds the corners itself and knows no transparency.
  { file: "apple-touch-icon.png", size: 180, inset: 0.02 },
];

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const { file, size, inset } of icons) {
  const page = await browser.newPage({ viewport: { width: size, height: size } });
  const side = size * (1 - 2 * (inset ?? 0));
  await page.setContent(
    `<style>html{background:${inset === undefined ? "transparent" : ground}}body{margin:0;height:100vh;display:grid;place-content:center}</style>` +
      svg.replace("<svg ", `<svg width="${side}" height="${side}" `),
  );
  await writeFile(`public/${file}`, await page.screenshot({ omitBackground: true }));
  await page.close();
}
await browser.close();
console.log(`drew ${icons.map(({ file }) => file).join(", ")}`);
