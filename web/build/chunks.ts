/**
 * What goes into which chunk, where the bundler's own way makes too many.
 *
 * Left alone it makes a chunk of every module that two pages share, thirty for the sign-in page. Each is small, and each is a
 * round trip on a slow line, six at a time. So what every page stands on is two: the libraries, which change with
 * upgrades alone and stay in the browser's cache over many versions of the app, and the app's own shared parts. What lies over
 * the page (dialogs, menus) has its library apart, since no page needs it before somebody opens something.
 */
const modules = (...names: string[]) => new RegExp(`/node_modules/(${names.join("|")})/`);

export const chunkGroups = [
  {
    name: "libraries",
    priority: 4,
    test: modules(
      "react",
      "react-dom",
      "scheduler",
      "use-sync-external-store",
      "@tanstack/(?:react-router|router-core|history|react-query|query-core|react-store|store)",
      "openapi-fetch",
      "clsx",
    ),
  },
  {
    name: "overlays",
    priority: 2,
    test: modules(
      "radix-ui",
      "@radix-ui",
      "@floating-ui",
      "aria-hidden",
      "react-remove-scroll",
      "react-style-singleton",
    ),
  },
  {
    // The pages before signing in are small and lead to one another.
    name: "doors",
    priority: 2,
    test: /\/src\/features\/auth\/(?:pages\/|account-form|auth-page|command-line|enter|form-parts|language-switch|password-field|rules)/,
  },
  {
    // The frame of every page after signing in.
    name: "frame",
    priority: 2,
    test: /\/src\/(?:app\/(?:actions\/(?:definitions|keys|registry)|shell\/(?!browse-sheet|foot|place-links|rail|sidebar))|features\/(?:sync\/(?:door|provider|query-keys|uuid)|search\/focus-search|(?:notes|notebooks|tags)\/queries))\b/,
  },
  {
    name: "shared",
    // A group takes what its modules import along, unless a group before it has it.
    priority: 3,
    // Without what imports the overlays, and without the words, of which one language is fetched. With what loads chunks.
    test: /vite\/preload-helper|\/src\/features\/(?:auth\/(?:door|ended|kept|next|server|session)|notes\/view)\.|\/src\/shared\/(?!ui\/(?:confirm-)?(?:dialog|menu)|i18n\/(?:en|de)\/|styles\/)|\/node_modules\/lucide-react\//,
  },
];
