import type { Messages } from "../types";

export const tags = {
  "tags.title": "Tags",
  "tags.none": "Tags on your notes appear here.",
  "tags.failed": "The tags could not be loaded.",
  "tags.filter": "Filter tags",
  "tags.nothing": "No tag contains that.",
  "tags.showAll": "Show all {count} tags",
  "tags.showFewer": "Show fewer",
  "tags.notes": { one: "{count} note", other: "{count} notes" },
  "tags.actions": "Actions for the tag “{name}”",
  "tags.rename": "Rename…",
  "tags.delete": "Delete…",
  "tags.name": "Name",
  "tags.nameHint": "A slash nests tags: work/projects",
  "tags.rename.title": "Rename the tag “{name}”",
  "tags.rename.body": {
    one: "It is on one note.",
    other: "It is on {count} notes; all of them will show the new name.",
  },
  "tags.rename.confirm": "Rename",
  "tags.merge.title": "Merge into “{name}”?",
  "tags.merge.body": {
    one: "There is a tag “{name}” already. The note of “{from}” will carry it instead, and “{from}” will be gone. They cannot be told apart afterwards.",
    other:
      "There is a tag “{name}” already. The {count} notes of “{from}” will carry it instead, and “{from}” will be gone. They cannot be told apart afterwards.",
  },
  "tags.merge.confirm": "Merge",
  "tags.merge.back": "Choose another name",
  "tags.delete.title": "Delete the tag “{name}”?",
  "tags.delete.body": {
    one: "It is taken off one note. The note stays.",
    other: "It is taken off {count} notes. The notes stay.",
  },
  "tags.delete.confirm": "Delete the tag",
  "tags.did.renamed": "“{from}” is now “{name}”",
  "tags.did.merged": "“{from}” was merged into “{name}”",
  "tags.did.deleted": "The tag “{name}” was deleted",
  "tags.needsName": "Give it a name.",
  "tags.tooLong": "A tag has at most 100 characters.",
} satisfies Messages;
