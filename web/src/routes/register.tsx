import { createFileRoute } from "@tanstack/react-router";
import { parseDoor, passSignedIn } from "@/features/auth/door";
import { RegisterPage } from "@/features/auth/pages/register-page";
import { knowServer } from "@/features/auth/server";

export const Route = createFileRoute("/register")({
  validateSearch: parseDoor,
  beforeLoad: passSignedIn,
  loader: knowServer,
  component: Page,
});

function Page() {
  const { next } = Route.useSearch();
  return <RegisterPage next={next} />;
}
