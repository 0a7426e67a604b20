/**
 * What the build puts around every `import()` (`build/unused-parts.ts`), in place of the bundler's own, which is three times as long.
 *
 * Fetches what the chunk imports beside it, not after it; waits for the style sheet that belongs to it; and tells when something
 * could not be had: then another version is there (`app/service-worker.ts`).
 */
const asked = new Map<string, Promise<unknown> | undefined>();

export async function __vitePreload<T>(load: () => Promise<T>, files: string[] = [], from = ""): Promise<T> {
  try {
    await Promise.all(files.map((file) => ahead(new URL(file, from).href)));
    return await load();
  } catch (payload) {
    const event = Object.assign(new Event("vite:preloadError", { cancelable: true }), { payload });
    if (window.dispatchEvent(event)) throw payload;
    return undefined as T;
  }
}

function ahead(href: string): Promise<unknown> | undefined {
  if (!asked.has(href)) {
    const style = href.endsWith(".css");
    const { nonce = "" } = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]") ?? {};
    const rel = style ? "stylesheet" : "modulepreload";
    const link = Object.assign(document.createElement("link"), { rel, crossOrigin: "", nonce, href });
    const there = new Promise((resolve, reject) => Object.assign(link, { onload: resolve, onerror: reject }));
    asked.set(href, style ? there : undefined);
    // Whether a script has come is told by the import itself.
    there.catch(() => {});
    document.head.append(link);
  }
  return asked.get(href);
}
