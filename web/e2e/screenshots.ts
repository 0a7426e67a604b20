/**
 * `npm run screenshots`: the pictures of the README into `docs/screenshots`, and every scene in every width and colour with contact
 * sheets of them into `e2e/out/shots`, to look at.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { seedDemo } from "./demo/store";
import type { Account } from "./support/account";
import { App } from "./support/app";
import { launch } from "./support/browser";
import { docsShots, out } from "./support/paths";
import { existsAt, type Scene, scenes } from "./support/scenes";
import { Server } from "./support/server";

const widths = [390, 768, 1280, 1920];
const colours = ["light", "dark"] as const;
type Colour = (typeof colours)[number];

/** The README: which scene, how wide, in which colour, under which name. */
const pictures: [name: string, scene: string, width: number, colour: Colour][] = [
  ["note", "note", 1280, "light"],
  ["note-dark", "note-code", 1280, "dark"],
  ["search", "search", 1280, "light"],
  ["phone-list", "list", 390, "light"],
  ["phone-note", "note", 390, "dark"],
];

const only = process.argv[2];
const shots = join(out, "shots");
// All pictures take longer than an access token lives.
const server = await Server.start({ named: true, env: { INKSTONE_ACCESS_TOKEN_TTL: "2h" } });
const browser = await launch();
try {
  const account = await seedDemo(server);
  const camera = await cameraOf(browser, account);
  if (only !== "matrix") {
    await mkdir(docsShots, { recursive: true });
    for (const [name, scene, width, colour] of pictures) {
      await camera.shoot(sceneOf(scene), width, colour, join(docsShots, `${name}.png`));
    }
  }
  if (only !== "docs") {
    await rm(shots, { recursive: true, force: true });
    await mkdir(shots, { recursive: true });
    for (const colour of colours) {
      for (const width of widths) {
        const taken: string[] = [];
        for (const scene of scenes) {
          if (!existsAt(scene, width)) continue;
          const file = `${scene.name}-${width}-${colour}.png`;
          await camera.shoot(scene, width, colour, join(shots, file)).then(
            () => taken.push(file),
            (error: unknown) =>
              console.error(`${file}: ${error instanceof Error ? error.message.split("\n")[0] : error}`),
          );
        }
        await contactSheet(browser, taken, `sheet-${width}-${colour}.png`, width);
      }
    }
  }
} finally {
  await browser.close();
  await server.dispose();
}

function sceneOf(name: string): Scene {
  const scene = scenes.find((one) => one.name === name);
  if (!scene) throw new Error(`there is no scene “${name}”`);
  return scene;
}

/** Contexts are kept, since signing in for each picture would take longer than the pictures. */
async function cameraOf(browser: Browser, account: Account) {
  const kept = new Map<string, App>();
  const appFor = async (visitor: boolean, width: number, colour: Colour): Promise<App> => {
    const key = `${visitor} ${width} ${colour}`;
    const known = kept.get(key);
    if (known) return known;
    const touch: BrowserContextOptions = width < 768 ? { hasTouch: true, isMobile: true, deviceScaleFactor: 2 } : {};
    const context = await browser.newContext({
      locale: "en-GB",
      colorScheme: colour,
      reducedMotion: "reduce",
      viewport: { width, height: width < 768 ? 844 : width === 1920 ? 1080 : 800 },
      ...touch,
    });
    context.setDefaultTimeout(10_000);
    const app = new App(await context.newPage(), server);
    if (!visitor) await app.signIn(account);
    kept.set(key, app);
    return app;
  };
  return {
    shoot: async (scene: Scene, width: number, colour: Colour, path: string): Promise<void> => {
      const app = await appFor(scene.visitor === true, width, colour);
      await scene.reach(app, account);
      // What arrives late (the sidebar, colours of code) belongs to the picture.
      await app.page.waitForLoadState("networkidle");
      await app.page.evaluate(() => document.fonts.ready.then(() => undefined));
      await app.page.screenshot({ path, animations: "disabled", caret: "hide" });
      await scene.leave?.(app, account);
    },
  };
}

/** Many pictures on one, with their names. */
async function contactSheet(browser: Browser, files: string[], name: string, width: number): Promise<void> {
  const columns = width < 768 ? 6 : 3;
  const tile = width < 768 ? 300 : 620;
  const figures = files.map((file) => `<figure><img src="${file}"><figcaption>${file}</figcaption></figure>`).join("");
  const html = `<style>body{margin:8px;display:grid;grid-template-columns:repeat(${columns},${tile}px);gap:8px;background:#888;
    font:12px sans-serif}figure{margin:0}img{width:100%}</style>${figures}`;
  const page = join(shots, `${name}.html`);
  await writeFile(page, html);
  const sheet = await browser.newPage({ viewport: { width: columns * (tile + 8) + 16, height: 600 } });
  await sheet.goto(pathToFileURL(page).href);
  await sheet.screenshot({ path: join(shots, name), fullPage: true });
  await sheet.close();
  await rm(page);
}
