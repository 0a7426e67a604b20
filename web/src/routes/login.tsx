import { createFileRoute } from "@tanstack/react-router";
import { parseDoor, passSignedIn } from "@/features/auth/door";
import { LoginPage } from "@/features/auth/pages/login-page";
import { knowServer } from "@/features/auth/server";

export const Route = createFileRoute("/login")({
  validateSearch: parseDoor,
  beforeLoad: passSignedIn,
  loader: knowServer,
  component: Page,
});

function Page() {
  const { next } = Route.useSearch();
  return <LoginPage next={next} />;
}
