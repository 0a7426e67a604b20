import { createFileRoute, Navigate, Outlet, useMatch } from "@tanstack/react-router";
import { SettingsLayout } from "@/features/settings/settings-page";
import { useMedia } from "@/shared/lib/use-media";

export const Route = createFileRoute("/_app/settings")({ component: Page });

/** On phones the menu is a page of its own; beside it there is room for the first section. */
function Page() {
  const menuAlone = useMatch({ from: "/_app/settings/$section", shouldThrow: false }) === undefined;
  const wide = useMedia("(width >= 48rem)");
  return (
    <SettingsLayout menuAlone={menuAlone}>
      {menuAlone && wide ? <Navigate to="/settings/$section" params={{ section: "profile" }} replace /> : <Outlet />}
    </SettingsLayout>
  );
}
