/**
 * The page that the measurement types on. What it shows is chosen in the address: `?note=rich|200|1024` (KB), `&mode=preview`,
 * `&lang=de`, `&readonly`, `&bare` (without toolbar and outline). The handle is `window.editor`.
 */
import { lazy, StrictMode, Suspense, useRef, useState } from "react";
import { createRoot } from "react-dom/client";
import { Outline } from "@/features/editor/outline";
import { Toolbar } from "@/features/editor/toolbar";
import type { EditorHandle, Outline as OutlineOf } from "@/features/editor/types";
import { loadLanguage } from "@/shared/i18n";
import "@/shared/styles/app.css";
import { long, rich } from "./notes";

const Editor = lazy(() => import("@/features/editor/editor"));
const Preview = lazy(() => import("@/features/editor/preview"));

const wanted = new URLSearchParams(location.search);
const kilobytes = Number(wanted.get("note"));
const text = kilobytes ? long(kilobytes * 1024) : rich;

declare global {
  interface Window {
    editor?: EditorHandle | null;
    changes?: number;
  }
}
window.changes = 0;

function Page() {
  const editor = useRef<EditorHandle>(null);
  const [count, setCount] = useState({ words: 0, characters: 0 });
  const [outline, setOutline] = useState<OutlineOf>({ headings: [], current: -1 });
  return (
    <main style={{ height: "100dvh", overflowY: "auto", background: "var(--surface)" }} id="pane">
      <div style={{ maxWidth: "46rem", margin: "0 auto", padding: "1.5rem 1rem" }}>
        {!wanted.has("bare") && <Toolbar editor={editor} className="sticky top-0 z-10 bg-surface" />}
        <h1 style={{ fontSize: "1.75rem", fontWeight: 650 }}>Title above the text</h1>
        <p style={{ color: "var(--muted)", fontSize: ".8125rem" }} id="count">
          {count.words} words, {count.characters} characters
        </p>
        <Suspense fallback={null}>
          {wanted.get("mode") === "preview" ? (
            <Preview source={text} highlight={wanted.get("words")?.split(",")} />
          ) : (
            <Editor
              initial={text}
              readOnly={wanted.has("readonly")}
              onChange={() => {
                window.changes = (window.changes ?? 0) + 1;
              }}
              onCount={setCount}
              onOutline={wanted.has("bare") ? undefined : setOutline}
              ref={(handle) => {
                editor.current = handle;
                window.editor = handle;
              }}
            />
          )}
        </Suspense>
        {wanted.has("outline") && (
          <Outline outline={outline} onJump={(heading) => editor.current?.goTo(heading.from)} />
        )}
      </div>
    </main>
  );
}

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root");
await loadLanguage(wanted.get("lang") ?? "en");
createRoot(root).render(
  <StrictMode>
    <Page />
  </StrictMode>,
);
