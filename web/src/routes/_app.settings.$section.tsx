import { createFileRoute } from "@tanstack/react-router";

/** All sections have one route: each of its own would be a few hundred bytes of every page, and there are many. */
export const Route = createFileRoute("/_app/settings/$section")({
  loader: async ({ params }) => (await import("@/features/settings/pages")).loadSection(params.section),
  component: Page,
});

function Page() {
  const { Section } = Route.useLoaderData();
  return <Section />;
}
