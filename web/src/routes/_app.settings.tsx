import { createFileRoute, Outlet, useMatch } from "@tanstack/react-router";
import { SettingsLayout } from "@/features/settings/settings-page";

export const Route = createFileRoute("/_app/settings")({ component: Page });

function Page() {
  const menuAlone = useMatch({ from: "/_app/settings/", shouldThrow: false }) !== undefined;
  return (
    <SettingsLayout menuAlone={menuAlone}>
      <Outlet />
    </SettingsLayout>
  );
}
