/** The way to the search field from anywhere: the key, the bar of phones, the shell. */
let field: HTMLInputElement | null = null;

/** The field says where it is as long as it is there. */
export const registerField = (element: HTMLInputElement | null): void => {
  field = element;
};

/** Puts the cursor into the search field; tells whether it is on the screen. */
export function focusSearch(): boolean {
  // Where the note hides the list, the field is there and cannot be seen.
  if (!field?.checkVisibility()) return false;
  field.focus();
  field.select();
  return true;
}
