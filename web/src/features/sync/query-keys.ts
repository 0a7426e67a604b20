/**
 * The first parts of the keys under which the app's queries keep their answers.
 *
 * They stand here because saving is what makes answers outdated: whoever asks for a list puts its own parameters behind
 * these (`[...queryKeys.notes, view]`), and sync invalidates by the first part alone. What shows one kind of thing stands under the
 * name that the change log has for it.
 */
export const queryKeys = {
  notes: ["notes"],
  search: ["search"],
  tags: ["tag"],
  notebooks: ["notebook"],
} as const;
