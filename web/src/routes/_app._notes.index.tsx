import { createFileRoute } from "@tanstack/react-router";

export const Route = createFileRoute("/_app/_notes/")({
  component: RouteComponent,
});

function RouteComponent() {
  return <div>Hello "/_app/_notes/"!</div>;
}
