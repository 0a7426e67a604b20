import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode, startTransition } from "react";
import { createRoot } from "react-dom/client";
import { makeQueryClient } from "@/app/query-client";
import { makeRouter } from "@/app/router";
import { loadLanguage } from "@/shared/i18n";
import "@/shared/lib/nonce";
import "@/shared/styles/app.css";

const root = document.getElementById("root");
if (!root) throw new Error("the page has no root");

void loadLanguage().then(() => {
  const queryClient = makeQueryClient();
  const router = makeRouter(queryClient);
  startTransition(() =>
    createRoot(root).render(
      <StrictMode>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
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
