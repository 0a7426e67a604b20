import { rowActions } from "./row-actions";
import { useRowPlace } from "./use-row-place";

/** What can be done to a note from its row, for the menus and dialogs around it. */
export const useRowActions = () => rowActions(useRowPlace());
