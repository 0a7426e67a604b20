import { createFileRoute } from "@tanstack/react-router";
import { type Door, parseDoor } from "@/features/auth/door";

/**
 * All ways to an account have one route: each of its own would be a few hundred bytes of every page. The second part is the provider's
 * of single sign-on (`/sso/home`).
 */
export const Route = createFileRoute("/$door/{-$slug}")({
  // What else is in the address stays until the page has read it: the token of a link.
  validateSearch: (search): Door => ({ ...search, ...parseDoor(search) }),
  loaderDeps: ({ search }) => parseDoor({ ...search }),
  loader: async ({ params, deps, context }) =>
    (await import("@/features/auth/doors")).loadDoor(params, { search: deps, context }),
  component: Page,
});

function Page() {
  const { slug = "" } = Route.useParams();
  const { next } = Route.useSearch();
  // Where there is no such page the router may draw this once before it says so.
  const Door = Route.useLoaderData()?.Door;
  return Door ? <Door next={next} slug={slug} /> : null;
}
