import { type ComponentType, type LazyExoticComponent, lazy } from "react";
import { t } from "@/shared/i18n";
import { firstViewShown } from "@/shared/lib/first-view";
import { toast } from "./toast";

/**
 * A part that is loaded when it is first shown. Where that cannot be (offline, before the app is on the device) it says so and
 * shows `instead`, and nothing around it breaks. It is tried again when the page is loaded again.
 */
export function lazyPart<P extends object>(
  load: () => Promise<{ default: ComponentType<P> }>,
  instead: ComponentType<P> = () => null,
): LazyExoticComponent<ComponentType<P>> {
  return lazy(() =>
    load().catch(() => {
      toast(t("app.networkError"), { tone: "error" });
      return { default: instead };
    }),
  );
}

/** The same for a part that comes by itself, as soon as the first view is on the screen. */
export const soonPart = <P extends object>(load: () => Promise<{ default: ComponentType<P> }>) =>
  lazyPart(async () => {
    await firstViewShown();
    return load();
  });
