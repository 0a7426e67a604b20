/** Builds the page that the typing measurement uses: the editor as the app has it, without the app around it. */
import { fileURLToPath, URL } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { editorParts } from "../../build/editor-parts";

export default defineConfig({
  root: fileURLToPath(new URL(".", import.meta.url)),
  base: "./",
  resolve: { alias: { "@": fileURLToPath(new URL("../../src", import.meta.url)) } },
  plugins: [react(), tailwindcss(), editorParts()],
  html: { cspNonce: "__NONCE__" },
  build: { target: "baseline-widely-available", emptyOutDir: true, reportCompressedSize: false },
});
