import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { type ReactNode, StrictMode, startTransition, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { firstAnswers, makeQueryClient } from "@/app/query-client";
import { makeRouter } from "@/app/router";
import { loadLanguage } from "@/shared/i18n";
import { firstViewBegins, firstViewDrawn } from "@/shared/lib/first-view";
import "@/shared/lib/nonce";
import "@/shared/styles/app.css";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root");

const queryClient = makeQueryClient();
const router = makeRouter(queryClient);

function FirstView({ children }: { children: ReactNode }) {
  useEffect(() => void firstViewDrawn(), []);
  return children;
}

// The frame of the page stands there without a script. What replaces it is drawn once, with its page and its first answers, in
// slices: drawn as they come, one after the other, it holds the processor of a phone for a quarter of a second each time.
void Promise.all([loadLanguage(), router.load().then(() => firstAnswers(queryClient))]).then(() => {
  firstViewBegins();
  startTransition(() =>
    createRoot(root).render(
      <StrictMode>
        <FirstView>
          <QueryClientProvider client={queryClient}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </FirstView>
      </StrictMode>,
    ),
  );
});

if (import.meta.env.PROD) {
  addEventListener("load", () => {
    const idle = window.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 500));
    // What every next step needs comes while nobody waits.
    idle(() => void import("@/shared/i18n/all").catch(() => {}));
    idle(
      () => void import("@/app/service-worker").then(({ startServiceWorker }) => startServiceWorker()).catch(() => {}),
    );
  });
}
