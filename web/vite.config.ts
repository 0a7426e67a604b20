/// <reference types="vitest/config" />
import { fileURLToPath, URL } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { tanstackRouter } from "@tanstack/router-plugin/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { VitePWA } from "vite-plugin-pwa";
import { chunkCircles } from "./build/chunk-circles";
import { chunkGroups } from "./build/chunks";
import { editorParts } from "./build/editor-parts";
import { iconImports } from "./build/icon-imports";
import { chunkFileName, languageChunks } from "./build/languages";
import { shellTemplate } from "./build/shell-template";
import { unusedParts } from "./build/unused-parts";

/** Where `npm run dev` finds a running server. */
const server = process.env.INKSTONE_SERVER ?? "http://127.0.0.1:7465";

const languages = languageChunks();

export default defineConfig(({ command }) => ({
  // Relative, so that one build works under any path; the page itself gets absolute addresses from the server.
  base: command === "build" ? "./" : "/",
  resolve: { alias: { "@": fileURLToPath(new URL("./src", import.meta.url)) } },
  html: { cspNonce: "__NONCE__" },
  plugins: [
    tanstackRouter({
      target: "react",
      routeFileIgnorePattern: "\\.test\\.",
      // Tests read the tree as it is; a generator that runs beside an editor would fill files that are just being written.
      enableRouteGeneration: !process.env.VITEST,
      // Every page is a chunk, the list too: signing in does not wait for it, and the page fetches the chunks that an address
      // needs beside the main script (`build/shell-template.ts`), so that none is waited for twice.
      autoCodeSplitting: true,
    }),
    react(),
    tailwindcss(),
    shellTemplate(),
    editorParts(),
    iconImports(),
    unusedParts(),
    chunkCircles(),
    languages.plugin,
    VitePWA({
      strategies: "injectManifest",
      srcDir: "src",
      filename: "sw.ts",
      registerType: "prompt",
      injectRegister: false,
      injectManifest: {
        globPatterns: ["**/*.{js,css,svg,woff2}"],
        globIgnores: ["sw.js"],
        manifestTransforms: [async (manifest) => ({ manifest: manifest.filter(languages.precached) })],
      },
      manifest: {
        id: "./",
        name: "Inkstone",
        short_name: "Inkstone",
        description: "Your notes, on your own server.",
        start_url: "./",
        scope: "./",
        display: "standalone",
        theme_color: "#faf9f7",
        background_color: "#faf9f7",
        icons: [
          { src: "icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" },
          { src: "icon-192.png", sizes: "192x192", type: "image/png", purpose: "any" },
          { src: "icon-512.png", sizes: "512x512", type: "image/png", purpose: "any" },
          { src: "icon-maskable.png", sizes: "512x512", type: "image/png", purpose: "maskable" },
        ],
        // Only the language of the person who installs it would be right; the manifest is one file for all.
        shortcuts: [
          { name: "New note", url: "./?new", icons: [{ src: "icon-192.png", sizes: "192x192", type: "image/png" }] },
        ],
      },
    }),
  ],
  build: {
    target: "baseline-widely-available",
    sourcemap: false,
    reportCompressedSize: false,
    modulePreload: {
      // Browsers that do not know it fetch a little later.
      polyfill: false,
      // What has arrived with the page need not be named in each chunk.
      resolveDependencies: (_name, chunks, { hostId }) =>
        chunks.filter((chunk) => chunk !== hostId && !/\/(?:rolldown-runtime|libraries|base)-/.test(chunk)),
    },
    rolldownOptions: {
      // Old languages' parser; the editor's library passes it on to those who ask, and does nothing by it.
      treeshake: { moduleSideEffects: [{ test: /\/@codemirror\/streamparser\//, sideEffects: false }] },
      output: {
        chunkFileNames: chunkFileName,
        codeSplitting: { groups: chunkGroups },
      },
    },
  },
  // The shorthand would change the Host, and the server takes changes only from its own address.
  server: { proxy: { "/api": { target: server } } },
  test: {
    environment: "happy-dom",
    setupFiles: ["./src/test/setup.ts"],
    testTimeout: 20_000,
    include: ["src/**/*.test.{ts,tsx}"],
  },
}));
