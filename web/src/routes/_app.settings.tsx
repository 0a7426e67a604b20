import { createFileRoute, Outlet, useMatchRoute } from "@tanstack/react-router";
import { SettingsLayout } from "@/features/settings/settings-page";

export const Route = createFileRoute("/_app/settings")({ component: Page });

function Page() {
  const menuAlone = useMatchRoute()({ to: "/settings" }) !== false;
  return (
    <SettingsLayout menuAlone={menuAlone}>
      <Outlet />
    </SettingsLayout>
  );
}
