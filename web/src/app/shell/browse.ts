import { createContext, useContext } from "react";
import type { BrowsePart } from "./browse-sheet";

/** Opens the sheet with places, notebooks and tags; the shell provides it. */
export const BrowseContext = createContext<(part: BrowsePart) => void>(() => {});
export const useBrowse = () => useContext(BrowseContext);
