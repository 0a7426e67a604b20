/**
 * Names of headings, for links inside of the note (`[see](#the-plan)`), as GitHub makes them. They begin with `note-`: a name
 * that the note chose freely could stand before one of the app's own.
 */

const slug = (text: string) =>
  text
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, "")
    .replace(/\s/g, "-");

/** Gives every heading its name and leads links inside of the note to them. */
export function nameHeadings(root: ParentNode): void {
  const taken = new Map<string, number>();
  for (const heading of root.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    const name = slug(heading.textContent ?? "");
    const before = taken.get(name) ?? 0;
    taken.set(name, before + 1);
    heading.id = `note-${name}${before ? `-${before}` : ""}`;
  }
  for (const link of root.querySelectorAll('a[href^="#"]')) {
    const name = link.getAttribute("href")?.slice(1) ?? "";
    if (!name.startsWith("note-")) link.setAttribute("href", `#note-${decoded(name)}`);
  }
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name).toLowerCase();
  } catch {
    return name;
  }
}
