import { createFileRoute, Outlet, redirect } from "@tanstack/react-router";
import { ActionHost } from "@/app/actions/host";
import { Shell } from "@/app/shell/shell";
import { sessionQuery, useSession } from "@/features/auth/session";
import { SessionKeeper } from "@/features/auth/session-keeper";
import { SyncProvider } from "@/features/sync/provider";
import { isProblem } from "@/shared/api/problem";

/** Every page of somebody who is signed in. */
export const Route = createFileRoute("/_app")({
  async beforeLoad({ context: { queryClient }, location }) {
    try {
      await queryClient.ensureQueryData(sessionQuery());
    } catch (error) {
      if (isProblem(error, "authentication-required", "invalid-token")) {
        throw redirect({
          to: "/$door/{-$slug}",
          params: { door: "login" },
          search: location.href === "/" ? {} : { next: location.href },
          replace: true,
        });
      }
      throw error;
    }
  },
  component: App,
});

function App() {
  const { store, user } = useSession();
  return (
    <SyncProvider store={store} user={user.id}>
      <Shell>
        <Outlet />
      </Shell>
      <ActionHost />
      <SessionKeeper />
    </SyncProvider>
  );
}
