/**
 * What goes into which chunk, where the bundler's own way makes too many.
 *
 * Left alone it makes a chunk of every module that two pages share, thirty for the sign-in page. Each is small, and each is a
 * round trip on a slow line, six at a time. So what a page stands on is few:
 *
 * - the libraries, which change with upgrades alone and stay in the browser's cache over many versions of the app,
 * - the base, without which no page shows anything,
 * - the list of notes with its frame, which is what most people come for,
 * - the note beside it, its editor aside,
 * - soon: what the list wants at its end, at a press or with a search, fetched as soon as it stands there,
 * - the engine of saving, whose libraries what is fetched later uses too,
 * - the doors: the pages before signing in, which are small and lead to one another,
 * - the settings: their pages, which are small and stand beside one another, and with another those of administrators,
 * - the overlays: the library of dialogs and menus, which no page needs before somebody opens something,
 * - the parts: what several pages share and the list can do without.
 *
 * Base, list and note are not written down here: they are what their pages import, so nothing strays into them unseen.
 */
interface Graph {
  getModuleInfo(id: string): { importedIds: readonly string[]; importers: readonly string[] } | null;
}

const modules = (...names: string[]) => new RegExp(`/node_modules/(${names.join("|")})/`);

const libraries = modules(
  "react",
  "react-dom",
  "scheduler",
  "use-sync-external-store",
  "@tanstack/(?:react-router|router-core|history|react-query|query-core|react-store|store)",
  "clsx",
);

/** What the editor has in its lists and fetches when a block wants it. */
const elsewhere = modules(
  "@codemirror/(?:lang-(?!markdown)[\\w-]+|legacy-modes|streamparser|autocomplete)",
  "@lezer/(?!common|highlight|markdown)[\\w-]+",
);

/** Everything that these modules import, and what that imports; pages that come later are no part of it. */
function closure(starts: string[], graph: Graph): Set<string> {
  const seen = new Set<string>();
  const ahead = [...starts];
  for (let id = ahead.pop(); id !== undefined; id = ahead.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    ahead.push(...(graph.getModuleInfo(id)?.importedIds ?? []));
  }
  return seen;
}

const source = (path: string) => new URL(`../src/${path}`, import.meta.url).pathname;
const page = (route: string) => `${source(`routes/${route}.tsx`)}?tsr-split=component`;

/** The members that nobody outside of them imports, but for the starting points: the rest is somebody else's too. */
function ownOnly(members: Set<string>, starts: string[], graph: Graph): Set<string> {
  const own = new Set(members);
  for (let before = -1; before !== own.size; ) {
    before = own.size;
    for (const id of own) {
      const shared = graph.getModuleInfo(id)?.importers.some((importer) => !own.has(importer));
      if (shared && !starts.includes(id)) own.delete(id);
    }
  }
  return own;
}

/** A group that is pages with everything that they stand on. The shell fetches a page by its own name, which stays as a line. */
const pages = (name: string, routes: string[]) => grouped(name, routes.map(page), (all) => all);

/** What the editor shares with those alone that it fetches itself, and what takes less room with it than in files of its own. */
const besideEditor =
  /\/node_modules\/(?:@codemirror\/lang-markdown|@lezer\/markdown)\/|\/src\/features\/editor\/(?:text\/line-endings|language\/markdown)\.ts/;

/** The same of pieces that are fetched by themselves. */
const pieces = (name: string, paths: string[]) => grouped(name, paths.map(source), (all) => all);

/** A group that is what its starting point stands on, itself left apart. */
const standsOn = (name: string, start: string) =>
  grouped(name, [start], (all) => {
    all.delete(start);
    return all;
  });

/** A group that is what its starting point stands on alone, with itself, and what else is named. */
const standsOnAlone = (name: string, start: string, named: RegExp) =>
  grouped(name, [start], (all, graph) => {
    const own = ownOnly(all, [start], graph);
    for (const id of all) if (named.test(id)) own.add(id);
    return own;
  });

function grouped(name: string, starts: string[], choose: (all: Set<string>, graph: Graph) => Set<string>) {
  const known = new WeakMap<Graph, Set<string>>();
  return (id: string, graph: Graph): string | null => {
    let members = known.get(graph);
    if (!members) {
      const all = closure(starts, graph);
      if (all.size < starts.length + 2) throw new Error(`the chunk ${name} has lost its pages`);
      members = choose(all, graph);
      known.set(graph, members);
    }
    return members.has(id) && !elsewhere.test(id) ? name : null;
  };
}

/** What the list wants at its end, at a press or with a search: one small file, fetched as soon as the list stands there. */
const soon = [
  // What a note asks it for comes with the first one.
  "features/auth/server.ts",
  "features/auth/session-watch.tsx",
  "features/notes/list/list-foot.tsx",
  "features/notes/list/list-notices.tsx",
  "features/notes/list/no-note.tsx",
  "features/notes/list/on-device.ts",
  "features/notes/list/read-more.ts",
  "features/notes/list/row-actions.ts",
  "features/search/found.ts",
  "shared/ui/toast-card.tsx",
];

export const chunkGroups = [
  { name: "libraries", priority: 9, test: libraries },
  // Waiting for the words belongs to those who import them, not to the chunk that they would be put into.
  {
    name: "words",
    priority: 6,
    test: /\/src\/shared\/(?:i18n\/all|lib\/whole-style)\.ts/,
    includeDependenciesRecursively: false,
  },
  { name: standsOn("base", source("main.tsx")), priority: 8 },
  { name: pages("list", ["_app", "_app._notes", "_app._notes.index"]), priority: 7 },
  { name: pieces("soon", soon), priority: 5 },
  // One piece is smaller than five: they have much in common. What colours code in the preview stands on these libraries too.
  {
    name: "codemirror",
    priority: 4,
    test: modules(
      "@codemirror/(?:view|state|language|commands)",
      "@lezer/(?:common|highlight)",
      "style-mod",
      "w3c-keyname",
      "crelt",
      "@marijn/find-cluster-break",
    ),
  },
  {
    // Without what it imports and others too, such as the parsers of languages.
    name: standsOnAlone("editor", source("features/editor/editor.tsx"), besideEditor),
    priority: 1,
    includeDependenciesRecursively: false,
  },
  {
    // What the reading view and the paste of pages share with the editor.
    name: "texts",
    priority: 2,
    test: /\/src\/features\/editor\/(?:text\/addresses|live\/remote-picture)\.ts/,
    includeDependenciesRecursively: false,
  },
  {
    // What helps with searching, which comes with the first focus of the search field.
    name: "search",
    priority: 5,
    test: /\/src\/features\/search\/(?:assist\/|query\/|filter-chips|filters|recent)/,
    includeDependenciesRecursively: false,
  },
  {
    name: "overlays",
    priority: 3,
    test: modules(
      "radix-ui",
      "@radix-ui",
      "@floating-ui",
      "aria-hidden",
      // All of it: in two chunks, each would wait for the other.
      "react-remove-scroll",
      "react-remove-scroll-bar",
      "react-style-singleton",
      "use-callback-ref",
      "use-sidecar",
      "tslib",
    ),
  },
  { name: pages("note", ["_app._notes.notes.$id"]), priority: 2 },
  { name: pieces("engine", ["features/sync/start.ts"]), priority: 2 },
  {
    name: "doors",
    priority: 3,
    test: /\/src\/features\/auth\/(?:pages\/|account-form|auth-page|command-line|enter|form-parts|language-switch|password-field|rules|link-token|sign-in\.ts|sso\/sign-in-ways)/,
    includeDependenciesRecursively: false,
  },
  {
    name: "settings",
    priority: 3,
    // Without what opens over them, which brings the overlays along.
    test: /\/src\/features\/(?:settings|audit)\/(?!.*(?:-dialog|end-others|change-email|qr-code|recovery-codes))/,
    includeDependenciesRecursively: false,
  },
  {
    name: "admin",
    priority: 3,
    // Nor single sign-on, whose words are many and wanted once.
    test: /\/src\/features\/admin\/(?!single-sign-on\/|.*(?:-dialog|-menu|role-choice))/,
    includeDependenciesRecursively: false,
  },
  {
    name: "parts",
    priority: 1,
    test: /\/src\/shared\/(?!i18n\/(?!dates|sizes|api-word)|ui\/(?:ask-first|(?:confirm-)?(?:dialog|menu)))|\/src\/features\/search\/saved\/(?:queries|question)\.ts|\0virtual:icon\//,
  },
];
